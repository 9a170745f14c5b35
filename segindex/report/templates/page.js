for (const link of document.querySelectorAll(".languages a")) {
  link.addEventListener("click", () => {
    const passed = [...document.querySelectorAll("main h2[id], main h3[id]")]
      .filter((heading) => heading.getBoundingClientRect().top < window.innerHeight / 3);
    link.hash = passed.length ? passed.at(-1).id : "";
  });
}
const opened = [];
window.addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("details:not([open])")) {
    one.open = true;
    opened.push(one);
  }
});
window.addEventListener("afterprint", () => {
  for (const one of opened.splice(0)) one.open = false;
});
