// Runs once, when the page is shown. What a person does is sent to the server with trigger(); what
// comes back arrives as "mail" and is put in its place. Nothing is stored in the browser.
const get = (id) => document.getElementById(id);
const NARROW = window.matchMedia("(max-width: 900px)");
const CALM = window.matchMedia("(prefers-reduced-motion: reduce)");
const TABS = ["evidence", "patient", "pathway", "source", "library"];
const FOLLOWS = ["evidence", "patient", "pathway"];
const PATIENCE = 2500;
const GIVE_UP = 90000;

let visit = 0; // counts conversations: mail of an earlier one is dropped
let serial = 0;
let waiting = null; // what is being asked or corrected now
let opener = null; // where to go back to from the side
let shown = null; // the answer that the tabs belong to
const empty = Object.fromEntries(TABS.map((name) => [name, get(`pane-${name}`).innerHTML]));

const say = (words) => {
  if (words) get("spoken").textContent = words;
};

const behaviour = () => (CALM.matches ? "auto" : "smooth");

const toTop = (thing, scroller) => {
  scroller.scrollTop += thing.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 8;
};

// Each kind of mail has its receiver; each data-do of a button its doer.
const receive = {};
const act = {};

document.addEventListener("mail", (event) => {
  const mail = event.detail;
  if (!mail || !mail.kind) return;
  if (mail.visit !== undefined && mail.visit !== visit) return;
  if (receive[mail.kind]) receive[mail.kind](mail);
});

document.addEventListener(
  "click",
  (event) => {
    const target = event.target.closest ? event.target : event.target.parentElement;
    const link = target.closest("a.cite");
    if (link) {
      event.preventDefault();
      return openLink(link);
    }
    if (target.closest("a.skip")) {
      event.preventDefault();
      return get("question").focus();
    }
    const button = target.closest("button[data-do]");
    if (button && act[button.dataset.do]) act[button.dataset.do](button);
  },
  true,
);

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const doer = form.id === "box" ? "send" : form.dataset.do;
    if (!act[doer]) return;
    event.preventDefault();
    act[doer](form);
  },
  true,
);
