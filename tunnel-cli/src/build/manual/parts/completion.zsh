#compdef ninetunnel

# The names and files of peers, which only the program knows; --names is for those of trusted peers.
_ninetunnel_peers() {
    local -a places found
    local at
    for at in --home --run; do
        (( ${words[(I)$at]} )) && places+=($at ${(Q)words[${words[(I)$at]} + 1]})
    done
    found=(${(f)"$(ninetunnel complete $@ $places -- ${(Q)PREFIX} 2>/dev/null)"})
    compadd -S '' -- ${(M)found:#*[:/]}
    compadd -- ${found:#*[:/]}
}

_ninetunnel_remote() {
    _ninetunnel_peers
}

_ninetunnel_either() {
    _ninetunnel_peers
    _files
}

_ninetunnel_names() {
    _ninetunnel_peers --names
}

