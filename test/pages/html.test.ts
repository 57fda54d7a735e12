import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { html } from '#src/pages/html.ts'

describe('a template', () => {
  test('escapes every value that is not markup', () => {
    expect(html`<p title="${'"\'&'}">${'<script>'}</p>`.text).toBe('<p title="&quot;&#39;&amp;">&lt;script&gt;</p>')
  })

  test('keeps markup, and lists of it', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)

    expect(html`<ul>${items}</ul>`.text).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>')
  })

  test('writes nothing for what is missing, and zero for zero', () => {
    expect(html`${null}${false}${0}`.text).toBe('0')
  })

  test('is not fooled by something that only looks like markup', () => {
    const forged = JSON.parse('[{"text":"<script>"}]') as never

    expect(() => html`${forged}`.text).toThrow()
  })

  test('lets no text close what it stands in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.text).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)
      }),
    )
  })
})
