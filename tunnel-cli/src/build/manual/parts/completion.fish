# The names and files of peers, which only the program knows; --names is for those of trusted peers.
function __ninetunnel_peers
    set -l places
    set -l words (commandline -opc)
    for i in (seq (count $words))
        contains -- $words[$i] --home --run; and set -a places $words[$i] $words[(math $i + 1)]
    end
    ninetunnel complete $argv $places -- (commandline -ct) 2>/dev/null
end

