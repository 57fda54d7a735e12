/** The look of every server-rendered page, served as one file so that no page needs a style of its own. */
export const stylesheet = `:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --ink: #24211d; --faint: #6b655c; --line: #ddd7cc; --accent: #a8341f; --field: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #1a1917; --ink: #e9e4da; --faint: #a39c90; --line: #3a3732; --accent: #f0907c; --field: #24221f; }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 42rem; padding: 1.5rem 1.25rem 4rem;
  background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 "Iowan Old Style", "Palatino Linotype", Palatino, Georgia, serif;
}
header {
  display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: baseline; justify-content: space-between;
  border-bottom: 1px solid var(--line); padding-bottom: 0.75rem; margin-bottom: 2.5rem;
}
header a { text-decoration: none; }
header .brand { font-weight: 600; letter-spacing: 0.02em; color: var(--ink); }
header form { display: inline; }
h1 { font-size: 2rem; line-height: 1.2; font-weight: 500; margin: 0 0 0.75rem; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; font-weight: 600; margin: 2.5rem 0 0.75rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
form + form:not(.step) { margin-top: 1.25rem; }
.notice { border: 1px solid var(--accent); border-radius: 0.25rem; padding: 1rem 1rem 1.25rem; margin: 0 0 1.5rem; }
.list h2 { margin: 0 0 0.5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
a { color: var(--accent); text-underline-offset: 0.15em; }
.faint, time { color: var(--faint); }
.summary { white-space: pre-line; }
ul.list, ol.list { list-style: none; margin: 0 0 1rem; padding: 0; }
.list li { border-top: 1px solid var(--line); padding: 0.75rem 0; overflow-wrap: anywhere; }
fieldset { border: 0; margin: 0 0 1.25rem; padding: 0; }
legend { padding: 0; font-weight: 600; margin-bottom: 0.25rem; }
label { display: block; font-weight: 600; }
label.choice { display: grid; grid-template-columns: auto 1fr; align-items: start; gap: 0 0.75rem; font-weight: 400; padding: 0.75rem 0; border-top: 1px solid var(--line); }
label.choice input { margin-top: 0.45rem; accent-color: var(--accent); }
fieldset .refusal { margin-bottom: 0.5rem; }
.field { margin-bottom: 1.25rem; }
.field input:not([type="checkbox"]), textarea, select {
  width: 100%; max-width: 24rem; padding: 0.5rem 0.65rem; margin-top: 0.25rem;
  font: inherit; color: inherit; background: var(--field); border: 1px solid var(--faint); border-radius: 0.25rem;
}
.hint { color: var(--faint); font-size: 0.9375rem; margin: 0.25rem 0 0; }
.refusal { color: var(--accent); margin: 0.25rem 0 0; font-weight: 600; }
textarea { max-width: 100%; display: block; resize: vertical; }
.under { margin-left: 1.75rem; }
button, a.button {
  font: inherit; font-weight: 600; padding: 0.5rem 1.25rem; border-radius: 0.25rem; cursor: pointer;
  color: var(--paper); background: var(--accent); border: 1px solid var(--accent);
}
button.quiet, a.quiet { color: var(--accent); background: none; }
button.link { color: var(--accent); background: none; border: 0; padding: 0; font-weight: 400; text-decoration: underline; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.75rem; }
a.button { display: inline-block; text-decoration: none; }
form + p { margin-top: 1.25rem; }
.said { border-left: 3px solid var(--accent); padding: 0.25rem 0 0.25rem 0.75rem; }
form.step { border-top: 1px solid var(--line); padding: 0.75rem 0 1rem; }
nav.parts { border-bottom: 1px solid var(--line); padding-bottom: 0.75rem; margin-bottom: 2rem; }
nav.parts > a { display: block; color: var(--ink); font-weight: 600; margin-bottom: 0.25rem; overflow-wrap: anywhere; }
nav.parts ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; margin: 0; padding: 0; }
nav.parts [aria-current] { color: var(--ink); font-weight: 600; text-decoration: none; }
dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 0.75rem 1.5rem; margin: 0 0 1.5rem; }
dl.figures { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
dl.figures dd { font-size: 1.5rem; }
dl.facts dt { color: var(--faint); font-size: 0.9375rem; }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`
