// The conversation: asking, correcting, taking an answer along, judging it.
const fit = () => {
  const box = get("question");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
};

const working = (words) => {
  get("thinking").querySelector(".working span:last-child").textContent = words;
};

// Counts anew what is too long: from the start, and from each word of the place in the queue.
const beLate = () => {
  clearTimeout(waiting.late);
  clearTimeout(waiting.lost);
  waiting.late = setTimeout(() => {
    if (waiting.queued) return;
    working("Still working on it…");
    say("Still working.");
  }, PATIENCE);
  waiting.lost = setTimeout(() => {
    const asked = waiting;
    finish();
    if (asked.question) get("question").value = asked.question;
    fit();
    say("No answer came. Check that the program still runs, then ask again.");
    get("thinking").hidden = false;
    working("No answer came. Check that the program still runs, then ask again.");
  }, GIVE_UP);
};

const begin = (what) => {
  waiting = { ...what, serial: ++serial };
  beLate();
  get("send").disabled = true;
  get("page").classList.add("busy");
  return waiting;
};

const finish = () => {
  clearTimeout(waiting.late);
  clearTimeout(waiting.lost);
  waiting = null;
  get("send").disabled = false;
  get("page").classList.remove("busy");
  get("thinking").hidden = true;
};

const WORKING = get("thinking").querySelector(".working span:last-child").textContent;

const ask = (question) => {
  if (waiting || !question.trim()) return;
  const { serial } = begin({ question, refocus: document.activeElement !== get("question") });
  get("welcome").hidden = true;
  get("asking").textContent = question;
  working(WORKING);
  get("thinking").hidden = false;
  get("question").value = "";
  fit();
  toTop(get("thinking"), get("chat"));
  say("Searching.");
  trigger("ask", { visit, serial, question });
};

const correct = (answer, fact, value) => {
  if (waiting) return;
  const { serial } = begin({ fact, value });
  say("Checking again.");
  trigger("correct", { visit, serial, answer, fact, value });
};

const settle = (article, mail) => {
  shown = mail.answer;
  for (const name of FOLLOWS) get(`pane-${name}`).innerHTML = mail.panes[name];
  get("pane-source").innerHTML = empty.source;
  for (const name of FOLLOWS) get(`pane-${name}`).scrollTop = 0;
  count("evidence", "#pane-evidence .card:not(.unused)");
  count("patient", "#pane-patient > .chips > .chip");
  document.querySelectorAll("article.exchange").forEach((one) => {
    one.classList.toggle("current", one === article);
  });
};

receive.answer = (mail) => {
  if (!waiting || mail.serial !== waiting.serial) return;
  const { fact, value, refocus } = waiting;
  finish();
  const old = mail.replaces && get(`answer-${mail.replaces}`);
  if (old) old.insertAdjacentHTML("afterend", mail.html);
  else get("log").insertAdjacentHTML("beforeend", mail.html);
  if (old) old.remove();
  const article = get(`answer-${mail.answer}`);
  article.dataset.asked = mail.ms.asked;
  article.dataset.drawn = mail.ms.drawn;
  const scrolled = get("pane-patient").scrollTop;
  settle(article, mail);
  if (fact === undefined) {
    get("log").querySelectorAll(".next").forEach((next) => {
      if (!article.contains(next)) next.replaceChildren();
    });
    toTop(article, get("chat"));
    if (!FOLLOWS.includes(tab)) select("evidence", false);
    if (refocus) article.focus({ preventScroll: true });
  } else {
    get("pane-patient").scrollTop = scrolled;
    const again = `[data-fact="${fact}"][data-value="${value}"]`;
    const place = get("pane-patient").querySelector(again) || get("pane-patient");
    place.focus({ preventScroll: true });
    article.classList.add("changed");
  }
  say(mail.spoken);
  trigger("follow", { answer: mail.answer });
};

receive.waiting = (mail) => {
  if (!waiting || mail.serial !== waiting.serial) return;
  waiting.queued = mail.spoken !== "";
  beLate();
  working(mail.spoken || WORKING);
  if (waiting.question === undefined) get("asking").textContent = "";
  get("thinking").hidden = false;
  say(mail.spoken);
};

receive.failed = (mail) => {
  if (!waiting || mail.serial !== waiting.serial) return;
  finish();
  get("log").insertAdjacentHTML("beforeend", mail.html);
  toTop(get("log").lastElementChild, get("chat"));
  get("question").value = mail.question;
  fit();
  get("question").focus();
  say(mail.spoken);
};

receive.refused = (mail) => {
  if (waiting && mail.serial === waiting.serial) finish();
  get("pane-patient").querySelectorAll(".refused").forEach((one) => one.remove());
  const note = document.createElement("p");
  note.className = "refused";
  note.setAttribute("role", "alert");
  note.textContent = mail.spoken;
  get("pane-patient").prepend(note);
  note.scrollIntoView({ block: "nearest" });
};

receive.next = (mail) => {
  const place = get(`next-${mail.answer}`);
  if (place) place.innerHTML = mail.html;
};

act.send = () => ask(get("question").value);
act.ask = (button) => ask(button.dataset.question);
act.correct = (button) => correct(button.dataset.answer, button.dataset.fact, button.dataset.value);
act.number = (form) => {
  const unit = form.querySelector("select");
  const value = Number(form.querySelector("input").value) * Number(unit ? unit.value : 1);
  correct(form.dataset.answer, form.dataset.fact, String(value));
};

act.anew = () => {
  visit += 1;
  if (waiting) finish();
  if (fetching) clearTimeout(fetching.lost);
  fetching = wanted = null;
  trigger("anew", { visit });
  get("log").replaceChildren();
  get("welcome").hidden = false;
  for (const name of [...FOLLOWS, "source"]) get(`pane-${name}`).innerHTML = empty[name];
  get("tabs").querySelectorAll(".count").forEach((one) => one.replaceChildren());
  shown = opener = null;
  select("evidence", false);
  open(false);
  get("chat").scrollTop = 0;
  get("question").value = "";
  get("question").focus();
  say("A new conversation.");
};

get("question").addEventListener("input", fit);
get("question").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  ask(get("question").value);
});

// Taking along. The text is made by the server when asked for, and goes to the clipboard or a file.
const taken = new Map();

const flash = (button, words) => {
  const before = button.dataset.words || button.textContent;
  button.dataset.words = before;
  button.textContent = words;
  say(words);
  setTimeout(() => (button.textContent = before), 2000);
};

const copy = async (promise) => {
  if (navigator.clipboard && window.ClipboardItem) {
    const blob = promise.then((mail) => new Blob([mail.text], { type: "text/plain" }));
    return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  }
  const area = document.createElement("textarea");
  area.value = (await promise).text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("refused");
};

const save = ({ text, name, type }) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

act.export = (button) => {
  const { answer, form } = button.dataset;
  if (form === "print") return print(answer);
  const number = ++serial;
  const promise = new Promise((resolve) => taken.set(number, resolve));
  trigger("take", { serial: number, answer, form });
  if (form === "text" || form === "note") {
    copy(promise).then(
      () => flash(button, "Copied"),
      () => flash(button, "The browser did not allow it"),
    );
  } else {
    promise.then((mail) => (save(mail), flash(button, "Saved")));
  }
};

receive.export = (mail) => {
  const resolve = taken.get(mail.serial);
  taken.delete(mail.serial);
  if (resolve) resolve(mail);
};

// Only the chosen answer is printed, with its pathway where the tabs belong to it.
const print = (answer) => {
  const article = get(`answer-${answer}`);
  article.classList.add("printed");
  get("page").classList.add("print-one");
  get("page").classList.toggle("print-pathway", shown === answer);
  const folded = [...article.querySelectorAll("details.sources-list:not([open])")];
  folded.forEach((one) => (one.open = true));
  window.addEventListener(
    "afterprint",
    () => {
      get("page").classList.remove("print-one", "print-pathway");
      article.classList.remove("printed");
      folded.forEach((one) => (one.open = false));
    },
    { once: true },
  );
  window.print();
};

act.thumb = (button) => {
  const thumbs = button.closest(".thumbs");
  thumbs.querySelectorAll(".reasons").forEach((one) => {
    one.hidden = one.dataset.useful !== button.dataset.useful || !one.hidden;
  });
  thumbs.querySelectorAll("[data-do=thumb]").forEach((one) => {
    const reasons = thumbs.querySelector(`.reasons[data-useful=${one.dataset.useful}]`);
    one.setAttribute("aria-expanded", String(!reasons.hidden));
  });
};

act.judge = (button) => {
  const { answer, useful, reason } = button.dataset;
  button.closest(".reasons").hidden = true;
  trigger("judge", { answer, useful, reason });
};

receive.judged = (mail) => {
  const article = get(`answer-${mail.answer}`);
  if (article) article.querySelector(".thanks").textContent = mail.spoken;
};
