#!/bin/sh
# Makes the folder $1 with segindex and the peers that install; $2 is the Python to take where there is none of 3.12 or newer.
# A peer that does not install leaves its reason in $1/missing.
set -eu
folder=$1 python=$2

newer() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }

for one in python3.12 python3.13 python3.14 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python; do
	if ! newer "$python" && newer "$one"; then python=$one; fi
done

if command -v uv >/dev/null 2>&1; then
	{ newer "$python" || uv venv --quiet --allow-existing --python '>=3.12' "$folder" 2>/dev/null; } &&
		newer "$folder/bin/python" || uv venv --quiet --allow-existing --python "$python" "$folder"
	install() { uv pip install --quiet --python "$folder/bin/python" "$@"; }
else
	"$python" -m venv "$folder"
	install() { "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
fi

mkdir -p "$folder/missing"
install -e .
for peer in segregation esda libpysal equipop; do
	if install "$peer" 2>"$folder/missing/log"; then
		rm -f "$folder/missing/$peer.txt"
	else
		# The last line that tells of an error, without addresses.
		{ grep -iE 'error|because|no solution' "$folder/missing/log" || tail -n 1 "$folder/missing/log"; } |
			tail -n 1 | sed -E 's#[a-z+]+://[^ ]*##g' >"$folder/missing/$peer.txt"
		echo "$peer did not install: $(cat "$folder/missing/$peer.txt")"
	fi
done
"$folder/bin/python" --version
touch "$folder/ready"
