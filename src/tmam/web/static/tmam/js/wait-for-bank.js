// While the bank's answer is out: look again every few seconds, and go where the server says once there is one.
// Without scripts the page reloads itself (`<noscript>` in its head).

const box = document.querySelector("[data-wait-for-bank]");

const look = async () => {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) {
      location.replace(answer.url);
      return;
    }
  } catch {
    // No network this moment: the next look may find it again.
  }
  setTimeout(look, Number(box.dataset.everyS) * 1000);
};

if (box) setTimeout(look, Number(box.dataset.everyS) * 1000);
