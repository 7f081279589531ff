// The page of the tests: it says that it is there, asks for the state again and again, and answers as it is told to.
const headers = { "X-SDA": "1", "Content-Type": "application/json" };
const post = (path, body) => fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
const wish = await (await fetch("/static/wish.json")).json();

if (wish.arrives) await post("/api/system/arrived", {});
while (wish.looks) {
  const state = await (await fetch("/api/state")).json();
  if (state.closing) {
    document.body.textContent = "asked";
    if ("answer" in wish) await post("/api/system/close", { keep: wish.answer });
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
}
