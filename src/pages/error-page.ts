import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../domain/refusal.ts'
import { errorFields, type Log } from '../log.ts'
import { messagePage } from './message.ts'
import { sendPage } from './send.ts'
import { stranger } from './visit.ts'

/** Tells a failure as a page. It reads nothing from the store, which may be what failed. */
export const answerWithPage =
  (log: Log) =>
  (error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, title, message } = told(error)
    // Not the address itself: a one-time link ends with its secret.
    const url = request.routeOptions.url ?? null
    if (status >= 500) log.error({ method: request.method, url, ...errorFields(error) }, 'page.failed')
    return sendPage(reply, messagePage(stranger, { title, message }), status)
  }

type Told = { status: number; title: string; message: string }

function told(error: FastifyError | Refusal): Told {
  if (error instanceof Refusal) return { status: error.status, title: titleFor(error.status), message: error.message }
  if (error.code?.startsWith('FST_CSRF_')) return expired
  if (error.statusCode === 429) return hurried
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return {
      status: error.statusCode,
      title: titleFor(error.statusCode),
      message: 'This request cannot be understood.',
    }
  }
  return {
    status: 500,
    title: 'Something went wrong',
    message: 'The mistake is ours, and was written down. Please try again.',
  }
}

const expired: Told = {
  status: 403,
  title: 'This form is too old',
  message:
    'You logged in or out since it was shown, or waited for long. Please go back, reload the page and send it again.',
}

const hurried: Told = {
  status: 429,
  title: 'Too many attempts',
  message: 'Please wait a minute before you try again.',
}

function titleFor(status: number): string {
  if (status === 404) return 'Not found'
  return status >= 500 ? 'Not possible right now' : 'Not possible'
}
