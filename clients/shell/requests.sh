# One request of the kittens API and its answer; read in by kittn.

# The longest list of kittens is far smaller; a server gone wrong must not fill the disk.
answer_limit_bytes=1048576

checked_id() {
  # Ids travel as JSON numbers, which many languages read exactly up to 2^53 - 1 only.
  matches "$1" '[1-9][0-9]{0,15}' && [ "$1" -le 9007199254740991 ] ||
    refuse id_malformed 'A kitten is asked for by its id, a positive integer such as 2.'
}

checked_settings() {
  api_url=${KITTN_API_URL:-http://127.0.0.1:8080/api}
  matches "$api_url" 'https?://[^[:space:]?#@\]+' ||
    misused 'KITTN_API_URL must look like http://127.0.0.1:8080/api, without a user, a query or a fragment.'
  while [ "${api_url%/}" != "$api_url" ]; do api_url=${api_url%/}; done

  timeout_seconds=${KITTN_TIMEOUT_SECONDS:-15}
  # For curl 0 is no limit at all.
  matches "$timeout_seconds" '[0-9]+([.][0-9]+)?' && ! matches "$timeout_seconds" '0+([.]0+)?' ||
    misused 'KITTN_TIMEOUT_SECONDS must be a number of seconds above 0.'

  # Anything else could break out of its header line, or be changed on the way.
  case ${KITTN_API_KEY-} in
    '' | *[!\!-~]*)
      misused 'KITTN_API_KEY must be an API key: visible ASCII characters, without spaces or line breaks.' ;;
  esac
}

# Sends one request. The key goes to curl by standard input, because every user can read a command line; a personal
# .curlrc (-q) and a proxy of the environment are passed over, so that the key reaches the host it was given to and no
# other.
send() { # METHOD URL
  {
    failure=0
    printf 'Authorization: %s\nAccept: application/json\n' "$KITTN_API_KEY" |
      curl -q -sS -g -X "$1" -H @- -D "$work/head" --proto '=http,https' --noproxy '*' \
        --max-time "$timeout_seconds" "$2" 2>"$work/complaint" || failure=$?
    printf '%s' "$failure" >"$work/failure"
  } | head -c "$((answer_limit_bytes + 1))" >"$work/answer"
}

ask() { # METHOD PATH
  checked_settings
  url=$api_url$2
  send "$1" "$url"

  status=$(sed -n 's/^HTTP[^ ]* \([0-9][0-9]*\).*/\1/p' "$work/head" 2>/dev/null | tail -n 1)
  case $status in
    3??)
      refuse redirect_refused "$status: The server answered with a redirect. It is not followed, so that the API key \
stays with the host it was given to. Check KITTN_API_URL." ;;
  esac
  [ "$(wc -c <"$work/answer")" -le "$answer_limit_bytes" ] ||
    refuse answer_too_large "$status: The answer is longer than $answer_limit_bytes bytes."
  case $(cat "$work/failure") in
    0) show_answer ;;
    28) refuse timed_out "$url did not answer in full within $timeout_seconds s." ;;
    *) refuse connection_failed "No answer came from $url: $(cat "$work/complaint")." ;;
  esac
}

show_answer() {
  # Line breaks and terminal commands in an answer must not get far.
  flat=$(tr -d '\000-\037\177' <"$work/answer")
  case $status in
    2??)
      if matches "$flat" ' *([{].*[}]|\[.*\]) *'; then
        cat "$work/answer"
        echo
        return
      fi ;;
    *)
      code=$(printf '%s\n' "$flat" | sed -n 's/^ *{ *"error" *: *{.*"code" *: *"\([a-z0-9_]*\)".*/\1/p')
      [ -z "$code" ] || refuse "$code" "$status: $flat" ;;
  esac
  refuse answer_not_understood "$status: The answer is not in the API's JSON. Check KITTN_API_URL, and what stands in \
front of the server."
}
