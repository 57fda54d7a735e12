import type { FastifyReply } from 'fastify'
import type { Html } from './html.ts'

/** Answers with a page. Who is logged in stands on it, so no cache may keep it. */
export const sendPage = (reply: FastifyReply, page: Html, status = 200): FastifyReply =>
  reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page.text)

/** 303 after a form, so that reloading the next page sends nothing again (RFC 9110 §15.4.4). */
export const seeOther = (reply: FastifyReply, path: string): FastifyReply =>
  reply.header('cache-control', 'no-store').redirect(path, 303)
