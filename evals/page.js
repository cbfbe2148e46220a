const [type, state, words, count] = ["type", "state", "words", "count"].map((id) =>
  document.getElementById(id));
const answers = [...document.querySelectorAll("#all > .answer")];
function filter() {
  let shown = 0;
  for (const one of answers) {
    const fits = (!type.value || one.dataset.type === type.value)
      && one.dataset.states.split(" ").includes(state.value)
      && one.textContent.toLowerCase().includes(words.value.toLowerCase());
    one.hidden = !fits;
    shown += fits;
  }
  count.value = `${shown} of ${answers.length}`;
}
document.querySelector(".filter").addEventListener("input", filter);
document.querySelector(".filter").addEventListener("submit", (event) => event.preventDefault());
filter();
