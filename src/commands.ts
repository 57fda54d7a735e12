import {
  acceptLink,
  endSession,
  keepSession,
  makeKey,
  makeOperator,
  openAccount,
  renewLink,
  revokeKey,
} from './accounts/commands.ts'
import { createKitten, deleteKitten, seedKittens } from './kittens/commands.ts'
import { keepAddress } from './membership/addresses.ts'
import { createBenefit, deleteBenefit, editBenefit } from './membership/benefits.ts'
import { editCampaign, editTier } from './membership/campaign-edits.ts'
import { createCampaign, createTier } from './membership/campaigns.ts'
import { declineCharge, markFraud, recoverCharge, takeCharge } from './membership/charges.ts'
import { spreadCharges } from './membership/creation-charges.ts'
import { giveByEmail } from './membership/gift-by-email.ts'
import { give, tryOut } from './membership/gifts.ts'
import { join, leave, noteOn } from './membership/members.ts'
import { cancelPledge, editPledge, pledge } from './membership/pledges.ts'
import { deletePost, editPost, publishPost } from './membership/posts.ts'
import { refundCharge } from './membership/refunds.ts'
import { addTierImage, removeTierImage } from './membership/tier-images.ts'
import { authorize } from './oauth/authorize.ts'
import { renewCreatorTokens } from './oauth/creator-tokens.ts'
import { exchange } from './oauth/exchange.ts'
import { refresh } from './oauth/refresh.ts'
import { revokeToken } from './oauth/revoke.ts'
import {
  deleteClient,
  describeClient,
  grantTenant,
  registerClient,
  replacePair,
  withdrawTenant,
} from './registration/clients.ts'
import { registerTrigger } from './registration/triggers.ts'
import {
  deleteWebhook,
  describeWebhook,
  pauseWebhook,
  registerWebhook,
  resumeWebhook,
  reviseWebhook,
} from './registration/webhooks.ts'
import type { AnyCommand } from './store/command.ts'

/** Every named change of the product, on one page. */
export const commands: readonly AnyCommand[] = [
  makeOperator,
  openAccount,
  renewLink,
  acceptLink,
  keepSession,
  endSession,
  makeKey,
  revokeKey,

  registerClient,
  describeClient,
  replacePair,
  deleteClient,
  grantTenant,
  withdrawTenant,

  authorize,
  exchange,
  refresh,
  revokeToken,
  renewCreatorTokens,

  registerWebhook,
  describeWebhook,
  reviseWebhook,
  pauseWebhook,
  resumeWebhook,
  deleteWebhook,

  registerTrigger,

  createCampaign,
  createTier,
  pledge,
  editPledge,
  cancelPledge,

  join,
  leave,
  noteOn,
  keepAddress,
  give,
  giveByEmail,
  tryOut,
  takeCharge,
  declineCharge,
  recoverCharge,
  refundCharge,
  markFraud,
  spreadCharges,

  editCampaign,
  editTier,
  addTierImage,
  removeTierImage,
  publishPost,
  editPost,
  deletePost,
  createBenefit,
  editBenefit,
  deleteBenefit,

  seedKittens,
  createKitten,
  deleteKitten,
]
