// The text spacing that readers may set (WCAG 2.2, 1.4.12): no words may get lost or stick out.
const sheet = new CSSStyleSheet();
sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }");
document.adoptedStyleSheets = [sheet];
