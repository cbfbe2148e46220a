// Behind passwords: who is signed in, sending for review, and the Review tab of reviewers. What may
// be done is decided by the server at each call; here is only what is shown.
let greeted = false;

receive.account = (mail) => {
  greeted = true;
  get("account").innerHTML = mail.html;
  get("page").classList.toggle("admin", Boolean(mail.admin));
  if (mail.reviewer && !TABS.includes("review")) {
    TABS.push("review");
    get("tab-review").hidden = false;
  }
  say(mail.spoken);
};

// Complaints stand above what is there, which stays as it was typed.
receive.review = (mail) => {
  const pane = get("pane-review");
  pane.querySelectorAll(".refused").forEach((one) => one.remove());
  if (!mail.html) {
    const note = document.createElement("p");
    note.className = "refused";
    note.setAttribute("role", "alert");
    note.textContent = mail.spoken;
    pane.prepend(note);
    note.scrollIntoView({ block: "nearest" });
    return;
  }
  const inside = pane.contains(document.activeElement);
  pane.innerHTML = mail.html;
  pane.scrollTop = 0;
  if (mail.waiting !== undefined) {
    get("count-review").textContent = mail.waiting ? ` ${mail.waiting}` : "";
  }
  const title = pane.querySelector(".dossier-title");
  const lost = document.activeElement === document.body;
  if (title && (inside || lost)) title.focus({ preventScroll: true });
  else if (inside) pane.focus({ preventScroll: true });
  say(mail.spoken);
};

act.queue = () => trigger("queueing", {});
act.dossier = (button) => trigger("dossier", { item: button.dataset.item });
act.decide = (button) => {
  const { item, act: deed } = button.dataset;
  const comment = get("comment") ? get("comment").value : "";
  trigger("decide", { item, act: deed, comment, until: get("until") ? get("until").value : "" });
};

act.review = (button) => {
  const confirm = button.parentElement.querySelector(".confirm");
  confirm.hidden = false;
  confirm.querySelector("button").focus();
};
act.unsend = (button) => {
  button.closest(".confirm").hidden = true;
  button.closest(".sending").querySelector("button").focus();
};
act["send-review"] = (button) => {
  button.closest(".confirm").hidden = true;
  button.closest(".sending").querySelector("button").focus();
  send({ answer: button.dataset.answer, document: "" });
};
act["send-document"] = (button) => send({ answer: "", document: button.dataset.document });

const sentPlace = ({ answer, document: id }) => {
  if (answer) return get(`answer-${answer}`);
  const buttons = [...document.querySelectorAll("[data-do=send-document]")];
  const button = buttons.find((one) => one.dataset.document === id);
  return button && button.closest("li");
};

const tellSent = (what, words) => {
  const place = sentPlace(what);
  if (place) place.querySelector(".sent").textContent = words;
};

const send = (what) => {
  tellSent(what, "Sending…");
  trigger("sending", what);
};

receive.sent = (mail) => tellSent(mail, mail.spoken);

// Asked again until it is told: while the page is still being put together, mail may be missed.
const introduce = () => {
  if (greeted) return;
  trigger("whoami", {});
  setTimeout(introduce, PATIENCE);
};
introduce();
