// Writes the manual's page of settings from the table that the server itself reads. With --check it only says whether
// the page is fresh.
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { settingsTable } from '../dist/config.js'

const page = new URL('../docs/settings.md', import.meta.url)
const wanted = settingsPage()

if (!process.argv.includes('--check')) writeFileSync(page, wanted)
else if (readFileSync(page, 'utf8') !== wanted) {
  console.error('docs/settings.md is not what the settings say; `npm run docs` writes it anew.')
  process.exit(1)
}

function settingsPage() {
  return `# Settings

Tidings needs no setting at all. What there is to set is set in the environment; a mistake there is told at the start,
with what would be right.

| setting | if left out | what it is |
|---|---|---|
${settingsTable().map(row).join('\n')}

This page is written by \`npm run docs\`.
`
}

function row({ name, fallback, about }) {
  return `| \`${name}\` | ${fallback === '' ? '' : `\`${shown(fallback)}\``} | ${about.replaceAll('|', '\\|')} |`
}

// The data folder's default is where the server is started; the page says it as anybody's.
function shown(fallback) {
  const here = process.cwd()
  return fallback.startsWith(here) ? `./${relative(here, fallback)}` : fallback
}
