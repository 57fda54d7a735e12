'use strict'

const { authorize } = require('./api.cjs')
const { KittnError, kittnCodes, verificationCodes, WebhookVerificationError } = require('./errors.cjs')
const { verify } = require('./verification.cjs')

module.exports = { authorize, KittnError, kittnCodes, verificationCodes, verify, WebhookVerificationError }
