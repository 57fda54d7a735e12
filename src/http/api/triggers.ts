import { z } from 'zod'
import { mustOperate } from '../../domain/access.ts'
import { triggerNamed } from '../../domain/trigger.ts'
import { registerTrigger } from '../../registration/triggers.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import type { ApiTools } from './tools.ts'

const triggerShape = z
  .object({
    name: z.string(),
    description: z.string(),
    example: z.unknown().describe('a body such as a receiver gets'),
  })
  .meta({ id: 'Trigger' })

/** The catalogue of triggers. */
export const triggerCalls = (tools: ApiTools) => ({
  list: listTriggersCall(tools),
  register: registerTriggerCall(tools),
})

const listTriggersCall = ({ store, catalogue }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'listTriggers',
    summary: 'List the triggers that are registered',
    tag: 'triggers',
    scope: 'webhooks',
    answer: z.object({ data: z.array(triggerShape) }),
    async handle() {
      const triggers = await catalogue.list()
      return { data: triggers.map((trigger) => ({ ...trigger, example: JSON.parse(trigger.example) as unknown })) }
    },
  })

const registerTriggerCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'registerTrigger',
    summary: 'Register a trigger, so that events may carry it',
    tag: 'triggers',
    scope: 'publish',
    body: z.strictObject({
      name: z.string(),
      description: z.string().max(500).default(''),
      example: z.unknown().optional(),
    }),
    status: 201,
    answer: triggerShape,
    async handle({ caller, body: { name, description, example } }) {
      mustOperate(caller)
      const text = JSON.stringify(example ?? {})
      const trigger = { name: triggerNamed(name, 'name'), description, example: text }
      await store.execute(registerTrigger, trigger, clock.now())
      return { ...trigger, example: example ?? {} }
    },
  })
