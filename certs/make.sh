#!/bin/sh
# Makes a key and a certificate for an endpoint with openssl, the way README.md beside this file describes.
set -eu

usage() {
    cat >&2 <<'END'
usage: make.sh [-t p256|ed25519] [-d DAYS] [-n NAME] DIR
  Writes DIR/key.pem (mode 0600) and DIR/cert.pem, and prints the peer id.
  -t  the kind of key; p256 if left out
  -d  for how many days the certificate holds; 36500 if left out
  -n  the name in the certificate, which nobody checks; this host's if left out
  A key that is there already is kept: run it again to renew the certificate. The peer id stays the same.
END
    exit 64
}

type=p256
days=36500
name=$(uname -n)
while getopts t:d:n: option; do
    case $option in
        t) type=$OPTARG ;;
        d) days=$OPTARG ;;
        n) name=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || usage
dir=$1

case $type in
    p256) algorithm="-algorithm EC -pkeyopt ec_paramgen_curve:P-256" ;;
    ed25519) algorithm="-algorithm ED25519" ;;
    *) usage ;;
esac
command -v openssl >/dev/null || {
    echo "make.sh: openssl is not installed (Debian: apt install openssl)" >&2
    exit 69
}

umask 077
mkdir -p "$dir"
if [ ! -e "$dir/key.pem" ]; then
    # shellcheck disable=SC2086 # the options are words
    openssl genpkey $algorithm -out "$dir/key.pem"
fi
openssl req -x509 -new -key "$dir/key.pem" -days "$days" -subj "/CN=$name" \
    -addext "keyUsage=critical,digitalSignature" \
    -addext "extendedKeyUsage=serverAuth,clientAuth" \
    -out "$dir/cert.pem.new"
mv "$dir/cert.pem.new" "$dir/cert.pem"

openssl pkey -in "$dir/key.pem" -pubout -outform der | openssl dgst -sha256 -r | cut -d' ' -f1
