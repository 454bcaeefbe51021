#!/usr/bin/env bash
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
#
# `make screenshots`: shows a report as a desktop (1280 px) and a phone (390 px) do, light and dark, and
# fails if it is blank, wider than the screen, or the same in the dark.
#
#   tools/screenshot.sh [report.html [FOLDER]]
#
# Without a report it takes the sample that the tests of reproduce/report write. The pictures go to FOLDER,
# by default out/screenshots. Without Chromium it says so and passes; CHROMIUM names one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

chromium=${CHROMIUM:-}
for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
  [[ -n $chromium ]] || chromium=$(command -v "$name" || true)
done
if [[ -z $chromium ]]; then
  echo "screenshots: skipped, Chromium is not installed" >&2
  exit 0
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
report=${1:-} out=${2:-out/screenshots}
if [[ -z $report ]]; then
  ${GO:-go} test ./reproduce/report -count=1 -run '^TestWriteSample$' -args -sample "$tmp/sample" >/dev/null
  report=$tmp/sample/report.html
fi
if [[ ! -f $report ]]; then
  echo "screenshots: $report is not there; make reproduce writes a report" >&2
  exit 2
fi
report=$(realpath "$report")
mkdir -p "$out"

# browse SCHEME FLAG…: 0 is dark and 1 light. The file flag lets the page below look into its frames.
browse() {
  local scheme=$1
  shift
  timeout -s KILL 100 "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
    --allow-file-access-from-files --user-data-dir="$tmp/profile" --blink-settings=preferredColorScheme="$scheme" \
    "$@" 2>"$tmp/log" || {
    tail -n 5 "$tmp/log" >&2
    echo "screenshots: Chromium failed" >&2
    return 1
  }
}

# A window can't be as narrow as a phone, so each page is measured in a frame of that width. Two made-up
# pages, a blank one and one that is too wide, show that the measure can fail.
frames() {
  cat <<'HTML'
<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><body>
HTML
  for width in 1280 390; do
    printf '<iframe data-name="report at %s" width="%s" height="900" style="border:0" src="file://%s"></iframe>\n' "$width" "$width" "$report"
  done
  printf '%s\n' 'made-up: <iframe data-name="blank" width="390" height="900" style="border:0" srcdoc="<p> </p>"></iframe>' \
    '<iframe data-name="wide" width="390" height="900" style="border:0" srcdoc="<p>Words to fill it, words to fill it, words to fill it, words to fill it, words to fill it, words to fill it.</p><div style=width:500px>x</div>"></iframe>'
  cat <<'HTML'
<script>
addEventListener("load", () => {
  const lines = [...document.querySelectorAll("iframe")].map(f => {
    const d = f.contentDocument, root = d.documentElement;
    const text = d.body.innerText.replace(/\s+/g, " ").trim().length;
    const color = f.contentWindow.getComputedStyle(d.body).backgroundColor.replace(/ /g, "");
    return ["MEASURED", f.dataset.name, text < 100 ? "BLANK" : "filled", root.scrollWidth > f.clientWidth ? "WIDE:" + root.scrollWidth : "fits", color].join("|");
  });
  document.body.innerText = lines.join("\n");
});
</script>
HTML
}
frames >"$tmp/frames.html"

status=0
fail() {
  echo "screenshots: $*" >&2
  status=1
}
measured() { grep -o "MEASURED|$1|[^<]*" "$tmp/dom-$2" || echo "MEASURED|$1|unmeasured||"; }
for scheme in 0 1; do
  browse $scheme --window-size=1700,1000 --virtual-time-budget=10000 --dump-dom "file://$tmp/frames.html" >"$tmp/dom-$scheme"
  for width in 1280 390; do
    line=$(measured "report at $width" $scheme)
    [[ $line == *"|filled|fits|"* ]] || fail "the page is blank or wider than the screen: $line"
  done
  [[ $(measured blank $scheme) == *"|BLANK|"* ]] || fail "a blank page was not noticed: $(measured blank $scheme)"
  [[ $(measured wide $scheme) == *"|WIDE:"* ]] || fail "a wide page was not noticed: $(measured wide $scheme)"
done
[[ $(measured "report at 390" 0) != $(measured "report at 390" 1) ]] || fail "the page has no dark colours: $(measured "report at 390" 0)"

# The picture of a phone is cut out of a wider window, which holds the frame.
for width in 1280 390; do
  printf '<!DOCTYPE html><meta name="color-scheme" content="light dark"><style>body{margin:0}</style><iframe width="%s" height="2400" style="border:0;display:block" src="file://%s"></iframe>\n' \
    "$width" "$report" >"$tmp/shot-$width.html"
  for scheme in 0 1; do
    name=$([[ $scheme == 0 ]] && echo dark || echo light)
    browse $scheme --window-size="$width",2400 --screenshot="$tmp/shot.png" "file://$tmp/shot-$width.html" >/dev/null
    # A picture of one colour packs into a few kB, whatever its size.
    size=$(wc -c <"$tmp/shot.png")
    ((size > 30000)) || fail "the picture at $width px, $name, has only $size bytes: is it blank?"
    mv -f "$tmp/shot.png" "$out/report-$width-$name.png"
  done
done
((status == 0)) && echo "screenshots: $out/report-{1280,390}-{light,dark}.png"
exit $status
