import { type Html, html } from './html.ts'

/** A figure or a word about something. */
export const fact = (name: string, value: Html | string | number): Html =>
  html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`
