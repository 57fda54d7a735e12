// The implementation is CommonJS, because the page says `require('kittn')`; this is the same code by its other name.
export { authorize, KittnError, kittnCodes, verificationCodes, verify, WebhookVerificationError } from './index.cjs'
