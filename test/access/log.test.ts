import fastify from 'fastify'
import { expect, test } from 'vitest'
import { answerWithPage } from '#src/pages/error-page.ts'

test('what fails at a one-time link is logged without the link', async () => {
  const lines: unknown[] = []
  const write = (fields: Record<string, unknown>, message: string) => void lines.push({ message, ...fields })
  const log = { isLevelEnabled: () => true, debug: write, info: write, warn: write, error: write }
  const app = fastify()
  app.setErrorHandler(answerWithPage(log))
  app.get('/welcome/:token', () => Promise.reject(new Error('the disk is full')))

  const { statusCode } = await app.inject({ url: '/welcome/a-secret?more=of-it' })

  expect(statusCode).toBe(500)
  expect(lines).toMatchObject([{ message: 'page.failed', url: '/welcome/:token', error: 'the disk is full' }])
  expect(JSON.stringify(lines)).not.toMatch(/a-secret|of-it/)
})
