/** What a webhook tells of a member who may be known by e-mail: written by hand from what was captured, key by key. */
import { linkBase } from './world.ts'

const campaign =
  '{"attributes":{"created_at":"2016-05-01T00:00:00.000+00:00","creation_name":"comics","discord_server_id":null,' +
  '"google_analytics_id":null,"has_rss":false,"has_sent_rss_notify":false,' +
  `"image_small_url":"${linkBase}/assets/cover.svg","image_url":"${linkBase}/assets/cover.svg",` +
  '"is_charged_immediately":true,"is_monthly":true,"is_nsfw":false,"main_video_embed":null,"main_video_url":null,' +
  '"one_liner":null,"patron_count":12,"pay_per_name":"month","pledge_url":"/checkout/cleo",' +
  '"published_at":"2016-05-02T00:00:00.000+00:00","rss_artwork_url":null,"rss_feed_title":"",' +
  '"summary":"A \\"comic\\" / a week","thanks_embed":null,"thanks_msg":null,"thanks_video_url":null,' +
  `"url":"${linkBase}/c/cleo","vanity":"cleo"},"id":"400100","type":"campaign"}`

const user =
  '{"attributes":{"about":null,"created":"2016-02-03T04:05:06.000+00:00","first_name":"Zo\\u00eb",' +
  `"full_name":"Zo\\u00eb \\u2615 Tern","hide_pledges":true,"image_url":"${linkBase}/assets/portrait.svg",` +
  '"is_creator":false,"last_name":"\\u2615 Tern","like_count":0,"social_connections":{"discord":null,"facebook":null,' +
  '"google":null,"instagram":null,"reddit":null,"spotify":null,"spotify_open_access":null,"twitch":null,' +
  `"twitter":null,"vimeo":null,"youtube":null},"thumb_url":"${linkBase}/assets/portrait.svg",` +
  `"url":"${linkBase}/user?u=900002","vanity":null},"id":"900002","type":"user"}`

const tier =
  '{"attributes":{"amount_cents":500,"created_at":"2016-05-01T00:00:00.000+00:00","description":"Monthly sketch",' +
  '"discord_role_ids":[],"edited_at":"2016-05-03T00:00:00.000+00:00","image_url":null,"patron_count":12,' +
  '"post_count":0,"published":true,"published_at":"2016-05-01T00:00:00.000+00:00","remaining":8,' +
  '"requires_shipping":false,"title":"Sketch tier","unpublished_at":null,"url":"/checkout/cleo?rid=500001",' +
  '"user_limit":20},"id":"500001","type":"tier"}'

const attributes =
  '{"campaign_lifetime_support_cents":1500,"currently_entitled_amount_cents":500,"email":"zoe@example.test",' +
  '"full_name":"Zo\\u00eb \\u2615 Tern","is_follower":false,"is_free_trial":false,"is_gifted":false,' +
  '"last_charge_date":"2024-01-02T03:04:05.000+00:00","last_charge_status":"Paid","lifetime_support_cents":1500,' +
  '"next_charge_date":"2024-02-01T00:00:00.000+00:00","note":"","patron_status":"active_patron","pledge_cadence":1,' +
  '"pledge_relationship_start":"2023-11-01T10:20:30.123+00:00","will_pay_amount_cents":500}'

const id = '0b6f1b1e-6a53-4b0a-9d63-3a1d7b2c9e10'
const link = (path: string) => `"links":{"related":"${linkBase}/api/oauth2/v2/${path}"}`

/** The whole body. */
export const memberBody =
  `{"data":{"attributes":${attributes},"id":"${id}","relationships":{"address":{"data":null},` +
  `"campaign":{"data":{"id":"400100","type":"campaign"},${link('campaigns/400100')}},` +
  '"currently_entitled_tiers":{"data":[{"id":"500001","type":"tier"}]},' +
  `"user":{"data":{"id":"900002","type":"user"},${link('user/900002')}}},"type":"member"},` +
  `"included":[${campaign},${user},${tier}],"links":{"self":"${linkBase}/api/oauth2/v2/members/${id}"}}`
