// The tabs beside the conversation: evidence, patient, pathway, source, library.
let tab = "evidence";

const open = (wide) => {
  get("desk").classList.toggle("side-open", wide);
  if (!wide && opener && opener.isConnected) opener.focus({ preventScroll: true });
};

const select = (name, focus) => {
  tab = name;
  for (const other of TABS) {
    const chosen = other === name;
    get(`tab-${other}`).setAttribute("aria-selected", String(chosen));
    get(`tab-${other}`).tabIndex = chosen ? 0 : -1;
    get(`pane-${other}`).hidden = !chosen;
  }
  if (focus) get(`tab-${name}`).focus();
  if (name === "library") trigger("shelf", {});
  if (name === "review") trigger("queueing", {});
};

const count = (name, selector) => {
  const number = document.querySelectorAll(selector).length;
  get(`count-${name}`).textContent = number ? ` ${number}` : "";
};

get("tabs").addEventListener("click", (event) => {
  const button = event.target.closest("[role=tab]");
  if (!button) return;
  if (!get("desk").classList.contains("side-open")) opener = button;
  select(button.id.slice(4), false);
  open(true);
});

get("tabs").addEventListener("keydown", (event) => {
  const at = TABS.indexOf(tab);
  const to = {
    ArrowRight: (at + 1) % TABS.length,
    ArrowLeft: (at + TABS.length - 1) % TABS.length,
    Home: 0,
    End: TABS.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  select(TABS[to], true);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (NARROW.matches || get("side").contains(document.activeElement)) open(false);
});

act.back = () => open(false);
act.tab = (button) => {
  opener = button;
  select(button.dataset.tab, false);
  open(true);
  if (NARROW.matches) get("side").querySelector(".back").focus({ preventScroll: true });
  else get(`tab-${button.dataset.tab}`).focus({ preventScroll: true });
};

// Source. One document is fetched at a time; of what was chosen meanwhile, the last.
let fetching = null;
let wanted = null;

const fetchSource = (send) => {
  wanted = send;
  if (!fetching) fetchWanted();
};

const fetchWanted = () => {
  const send = wanted;
  wanted = null;
  fetching = { serial: ++serial, lost: setTimeout(fetched, PATIENCE * 2) };
  send(fetching.serial);
};

// Whether what came is still what is wanted; if not, that is fetched.
const fetched = () => {
  clearTimeout(fetching.lost);
  fetching = null;
  if (!wanted) return true;
  fetchWanted();
  return false;
};

const openLink = (link) => {
  if (!get("side").contains(link)) opener = link;
  document.querySelectorAll("a.cite.current").forEach((one) => one.classList.remove("current"));
  link.classList.add("current");
  const name = link.getAttribute("href").slice(1);
  fetchSource((serial) => trigger("cite", { serial, link: name }));
};

act.document = (button) => {
  const { document: id, start, end } = button.dataset;
  const place = { document: id, start: start || "", end: end || "" };
  fetchSource((serial) => trigger("document", { serial, ...place }));
};

receive.source = (mail) => {
  if (!fetching || mail.serial !== fetching.serial || !fetched()) return;
  const inside = get("pane-source").contains(document.activeElement);
  get("pane-source").innerHTML = mail.html;
  select("source", false);
  open(true);
  const body = get("pane-source").querySelector(".source-body");
  const mark = body && (body.querySelector(".paper rect") || body.querySelector("mark.current"));
  if (mark) {
    const above = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += above - body.clientHeight / 4;
  }
  const title = get("pane-source").querySelector("h2.title");
  const place = get("pane-source").querySelector(".steps-nav span");
  say(`Source: ${title.textContent}. ${place ? place.textContent : ""}`);
  if (NARROW.matches) get("side").querySelector(".back").focus({ preventScroll: true });
  else if (inside) body.focus({ preventScroll: true });
};

// Library.
let within = "";
let listed = "";

receive.library = (mail) => {
  // The same list again is not drawn anew: somebody may be answering a question in it.
  if (mail.html !== undefined && mail.html !== "" && mail.html !== listed) {
    get("list").innerHTML = listed = mail.html;
  }
  if (mail.uploads !== undefined) receive.adding(mail);
  if (mail.documents !== undefined) {
    get("no-library").hidden = mail.documents > 0;
    get("welcome").querySelector(".examples").hidden = mail.documents === 0;
  }
  say(mail.spoken);
};

receive.adding = (mail) => {
  const asking = [...get("uploads").querySelectorAll("li.waiting:not(.decided)")];
  get("uploads").innerHTML = mail.uploads;
  const path = (row) => row.querySelector("[data-do=replace]").dataset.path;
  const told = [...get("uploads").querySelectorAll("li.waiting")].map(path);
  get("uploads").append(...asking.filter((row) => !told.includes(path(row))));
  get("progress").max = mail.total;
  get("progress").value = mail.done;
  get("progress-words").textContent = mail.spoken;
  if (mail.kind === "library") {
    get("files").value = "";
    get("files").disabled = false;
  }
};

// A file that would replace a document waits for a word; nothing else of the list changes.
const decide = (button, words) => {
  const row = button.closest("li.waiting");
  row.querySelectorAll("button").forEach((one) => (one.disabled = true));
  row.classList.add("decided");
  say(words);
  return { path: button.dataset.path, name: button.dataset.name };
};

act.replace = (button) => {
  const file = decide(button, `Replacing by ${button.dataset.name}.`);
  get("files").disabled = true;
  trigger("adding", { files: [{ ...file, replace: true }] });
};
act.discard = (button) => trigger("discarding", decide(button, "Kept."));

receive.kept = (mail) => {
  const buttons = [...get("uploads").querySelectorAll("[data-do=discard]")];
  const button = buttons.find((one) => one.dataset.path === mail.path);
  if (button) button.closest("li").outerHTML = mail.html;
  get("files").focus({ preventScroll: true });
};

receive.found = (mail) => {
  get("found").innerHTML = mail.html;
  say(mail.spoken);
};

get("files").addEventListener("change", async () => {
  const chosen = [...get("files").files];
  if (!chosen.length) return;
  get("files").disabled = true;
  get("pane-library").querySelector(".adding").hidden = false;
  get("uploads").querySelectorAll("li:not(.waiting)").forEach((one) => one.remove());
  const files = [];
  for (const [number, file] of chosen.entries()) {
    get("progress").max = chosen.length;
    get("progress").value = number / 2;
    get("progress-words").textContent = `Sending ${file.name} (${number + 1} of ${chosen.length})`;
    try {
      const { path } = await upload(file);
      files.push({ name: file.name, path });
    } catch {
      files.push({ name: file.name, path: "", reason: "It could not be sent: it may be too large." });
    }
  }
  trigger("adding", { files });
});

const scope = (id, title) => {
  within = id;
  const line = get("pane-library").querySelector(".scope");
  line.hidden = !id;
  line.textContent = id ? `Only in “${title}”. ` : "";
  if (!id) return;
  const all = document.createElement("button");
  all.type = "button";
  all.className = "do link";
  all.dataset.do = "everywhere";
  all.textContent = "Search all documents";
  line.append(all);
};

act.within = (button) => {
  scope(button.dataset.document, button.dataset.title);
  get("find").focus();
};
act.everywhere = () => {
  scope("", "");
  get("find").focus();
};
act.search = () => trigger("find", { query: get("find").value, document: within });
act.remove = (button) => {
  const confirm = button.closest(".document").querySelector(".confirm");
  confirm.hidden = false;
  confirm.querySelector("[data-do=keep]").focus();
};
act.keep = (button) => {
  button.closest(".confirm").hidden = true;
  button.closest(".document").querySelector("[data-do=remove]").focus();
};
act.removing = (button) => {
  trigger("removal", { document: button.dataset.document });
  scope("", "");
  get("pane-library").focus();
};

trigger("shelf", {});
