# The check of one received request; read in by kittn.
#
# Two signatures may stand on a request. Patreon's covers the body alone, with MD5; the one of Standard Webhooks covers
# the id (which ends in the trigger), the time and the body, with SHA-256. Whoever has the whsec_ key is never content
# with the weaker one: otherwise a forger would just leave the stronger one out.

trigger_form='[a-z0-9_]+([:.][a-z0-9_]+)*'

# Puts a header's one value into $value; fails when it is not there, and refuses two as <part>_malformed.
read_header() { # NAME PART
  awk -v name="$1" '{
    colon = index($0, ":")
    if (tolower(substr($0, 1, colon - 1)) != name) next
    value = substr($0, colon + 1)
    sub(/^ /, "", value)
    sub(/\r$/, "", value)
    print value
  }' <"$headers" >"$work/values"
  value=$(cat "$work/values")
  case $(($(wc -l <"$work/values"))) in
    0) return 1 ;;
    1) return 0 ;;
    # Proxies differ in which of two values they pass on, so a second one is never looked past.
    *) refuse "$2_malformed" "The $1 header must be there once." ;;
  esac
}

octet() {
  printf "\\$(($1 >> 6))$(($1 >> 3 & 7))$(($1 & 7))"
}

# Prints a key of at most 64 bytes, filled up with zeros to 64, each xor a constant (RFC 2104, section 2).
padded() { # KEY_FILE CONSTANT
  left=64
  for byte in $(od -An -v -tu1 "$1"); do
    octet $((byte ^ $2))
    left=$((left - 1))
  done
  while [ "$left" -gt 0 ]; do
    octet "$2"
    left=$((left - 1))
  done
}

# Prints the raw HMAC of a file. By hand, because `openssl dgst -hmac` wants the key on the command line, where every
# user can read it.
hmac() { # DIGEST KEY_FILE CONTENT_FILE
  if [ "$(wc -c <"$2")" -gt 64 ]; then
    openssl dgst "-$1" -binary "$2" >"$work/block"
  else
    cat "$2" >"$work/block"
  fi
  {
    padded "$work/block" 54
    cat <"$3"
  } | openssl dgst "-$1" -binary >"$work/inner"
  {
    padded "$work/block" 92
    cat "$work/inner"
  } | openssl dgst "-$1" -binary
}

# Compares digests under a fresh key, so that the time it takes says nothing about the texts.
is_same() { # RECEIVED EXPECTED
  [ "${#1}" -eq "${#2}" ] || return 1
  fresh=$(openssl rand -hex 32)
  one=$(printf '%s' "$fresh$1" | openssl dgst -sha256)
  other=$(printf '%s' "$fresh$2" | openssl dgst -sha256)
  [ "$one" = "$other" ]
}

check_standard() {
  read_header webhook-signature signature || refuse signature_missing \
    'There is no webhook-signature header. With KITTN_WHSEC X-Patreon-Signature alone is not enough.'
  signatures=$value
  read_header webhook-id id || refuse id_missing 'There is no webhook-id header.'
  signed_id=$value
  id=${signed_id%%~*}
  trigger=${signed_id#*~}
  matches "$signed_id" "[A-Za-z0-9_-]{1,64}~$trigger_form" && [ "${#trigger}" -le 128 ] || refuse id_malformed \
    "webhook-id must be the event's id, a tilde and the trigger, such as evt_1~pledges:create."
  read_header webhook-timestamp timestamp || refuse timestamp_missing 'There is no webhook-timestamp header.'
  timestamp=$value
  matches "$timestamp" '0|[1-9][0-9]{0,9}' || refuse timestamp_malformed \
    'webhook-timestamp must be whole Unix seconds, such as 1700000000, not milliseconds.'
  check_candidates

  # Looked at last, because the time on a forged request says nothing.
  distance=$((now - timestamp))
  distance=${distance#-}
  [ "$distance" -le "$tolerance" ] || refuse timestamp_outside_tolerance \
    "It was signed $distance s away from the present, and $tolerance s are tolerated. It is a replay, or a \
clock is wrong."
}

check_candidates() {
  any='[A-Za-z0-9]+,[!-~]+'
  # 4096 characters are more signatures than any rotation needs.
  [ "${#signatures}" -le 4096 ] && matches "$signatures" "$any( $any)*" || refuse_signatures
  printf '%s.%s.' "$signed_id" "$timestamp" >"$work/content"
  cat <"$body" >>"$work/content"
  expected="v1,$(hmac sha256 "$work/key" "$work/content" | openssl base64 -A)"

  candidates=0
  fitting=0
  for signature in $signatures; do
    case $signature in v1,*) ;; *) continue ;; esac
    matches "$signature" 'v1,[A-Za-z0-9+/]{43}=' || refuse_signatures
    candidates=$((candidates + 1))
    if is_same "$signature" "$expected"; then fitting=$((fitting + 1)); fi
  done
  [ "$candidates" -gt 0 ] || refuse signature_missing 'There is no v1 signature in webhook-signature.'
  [ "$fitting" -gt 0 ] || refuse signature_wrong "No v1 signature in webhook-signature fits. Check that KITTN_WHSEC is \
this webhook's key, and that the body is what arrived, byte for byte."
}

refuse_signatures() {
  refuse signature_malformed "webhook-signature must be a list of signatures with one space between them, each v1, a \
comma and 44 characters of base64."
}

check_patreon() {
  read_header x-patreon-signature signature || refuse signature_missing 'There is no X-Patreon-Signature header.'
  matches "$value" '[0-9a-f]{32}' || refuse signature_malformed \
    'X-Patreon-Signature must be 32 lowercase hexadecimal digits and nothing else.'
  printf '%s' "$KITTN_SECRET" >"$work/secret"
  is_same "$value" "$(hmac md5 "$work/secret" "$body" | od -An -v -tx1 | tr -d ' \n')" || refuse signature_wrong \
    "X-Patreon-Signature does not fit. Check that KITTN_SECRET is this webhook's, and that the body is what arrived, \
byte for byte."
}

check_trigger() {
  if ! read_header x-patreon-event trigger; then
    [ -n "$id" ] || refuse trigger_missing 'There is no X-Patreon-Event header.'
    return 0
  fi
  matches "$value" "$trigger_form" && [ "${#value}" -le 128 ] || refuse trigger_malformed \
    'X-Patreon-Event must be one trigger, such as pledges:create.'
  [ -z "$id" ] || [ "$value" = "$trigger" ] || refuse trigger_mismatch \
    'X-Patreon-Event names another trigger than the one signed in webhook-id; somebody changed it on the way.'
  trigger=$value
}

checked_keys() {
  [ -n "${KITTN_SECRET+given}${KITTN_WHSEC+given}" ] || misused 'verify needs KITTN_SECRET, KITTN_WHSEC or both.'
  # Set but blank is a mistake: it must not turn a check off.
  case ${KITTN_SECRET-given} in *[![:space:]]*) ;; *) misused 'KITTN_SECRET is blank.' ;; esac
  case ${KITTN_WHSEC-given} in *[![:space:]]*) ;; *) misused 'KITTN_WHSEC is blank.' ;; esac
  [ -z "$seen" ] || [ -n "${KITTN_WHSEC+given}" ] ||
    misused "--seen needs KITTN_WHSEC: Patreon's signature does not cover the event's id."
  [ -n "${KITTN_WHSEC+given}" ] || return 0

  text=${KITTN_WHSEC#whsec_}
  printf '%s' "$text" | openssl base64 -d -A >"$work/key" 2>"$work/complaint" || : >"$work/key"
  length=$(($(wc -c <"$work/key")))
  # openssl forgives much; only what it would print itself is base64.
  [ "whsec_$(openssl base64 -A <"$work/key")" = "$KITTN_WHSEC" ] && [ "$length" -ge 24 ] && [ "$length" -le 64 ] ||
    refuse key_malformed \
      "KITTN_WHSEC must be whsec_ and then 24 to 64 bytes in base64; copy it whole from the webhook's page."
}

read_arguments() {
  now=$(date +%s)
  # The tolerance that Standard Webhooks recommends.
  tolerance=300
  seen=
  while [ $# -gt 1 ]; do
    case $1 in
      --now) now=$2 ;;
      --tolerance) tolerance=$2 ;;
      --seen) seen=$2 ;;
      *) break ;;
    esac
    shift 2
  done
  [ $# -eq 1 ] || [ $# -eq 2 ] || misused 'verify takes a file of headers and a file of the body; see kittn help.'
  headers=$1
  body=${2-}
  matches "$now" '0|[1-9][0-9]{0,9}' || misused '--now must be the present in Unix seconds, not in milliseconds.'
  matches "$tolerance" '0|[1-9][0-9]{0,9}' || misused '--tolerance must be a number of seconds.'
  [ -r "$headers" ] || misused "There is no file of headers $headers."
  [ -z "$seen" ] || [ -r "$seen" ] || misused "There is no file of ids $seen."
  if [ -z "$body" ]; then
    body=$work/body
    cat >"$body"
  fi
  [ -r "$body" ] || misused "There is no file of the body $body."
}

verify() {
  read_arguments "$@"
  checked_keys
  id= trigger= timestamp=null
  [ -z "${KITTN_WHSEC+given}" ] || check_standard
  [ -z "${KITTN_SECRET+given}" ] || check_patreon
  check_trigger
  [ -z "$seen" ] || ! grep -Fxq -e "$id" "$seen" || refuse already_seen \
    'This event was dealt with before. Answer with 200, so that it is not sent again.'

  quoted_id=null
  [ -z "$id" ] || quoted_id="\"$id\""
  printf '{"id":%s,"trigger":"%s","timestamp":%s}\n' "$quoted_id" "$trigger" "$timestamp"
}
