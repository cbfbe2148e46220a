// Runs once, when the source panel is shown. A click on a number asks the server for its document;
// when that has come, the chosen quote is scrolled into view. Nothing is stored.
const NARROW = window.matchMedia("(max-width: 900px)");
let opener = null;

const show = (open) => document.getElementById("desk").classList.toggle("source-open", open);

const close = () => {
  show(false);
  if (opener && opener.isConnected) opener.focus({ preventScroll: true });
};

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest ? event.target.closest("a.cite, a.close-source") : null;
    if (!link) return;
    event.preventDefault();
    if (link.classList.contains("close-source")) return close();
    if (!element.contains(link)) opener = link;
    document.querySelectorAll("a.cite.current").forEach((a) => a.classList.remove("current"));
    link.classList.add("current");
    trigger("cite", { link: link.getAttribute("href").slice(1) });
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (NARROW.matches || element.contains(document.activeElement)) close();
});

const reveal = () => {
  const source = element.querySelector(".source");
  if (!source || source.classList.contains("empty")) {
    show(false);
    return;
  }
  show(true);
  const body = element.querySelector(".source-body");
  const mark = element.querySelector("mark.current");
  if (body && mark) {
    const above = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += above - body.clientHeight / 4;
  } else if (body) {
    body.scrollTop = 0;
  }
  if (NARROW.matches) {
    const button = element.querySelector("a.close-source");
    if (button) button.focus({ preventScroll: true });
  }
};

// Bring the newest question to the top, so that its answer is read from the beginning. The chat's
// own labels repeat each message as source text to screen readers, so they are taken off.
let newest = null;
let answers = 0;
const settle = () => {
  const chat = document.getElementById("chat");
  if (!chat) return;
  chat.querySelectorAll("[data-testid=bot], [data-testid=user]").forEach((message) => {
    message.removeAttribute("aria-label");
  });
  const asked = [...chat.querySelectorAll(".asked")].pop() || null;
  const scroller = chat.querySelector(".panel-wrap");
  const answered = chat.querySelectorAll(".answer, .notice").length;
  if (!asked || !scroller || (asked === newest && answered === answers)) return;
  newest = asked;
  answers = answered;
  scroller.scrollTop +=
    asked.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
};
new MutationObserver(settle).observe(document.body, {
  childList: true,
  subtree: true,
  attributes: true,
  attributeFilter: ["aria-label"],
});

watch("value", () => requestAnimationFrame(reveal));
