
# The names and files of peers, which only the program knows. Bash breaks words at colons (COMP_WORDBREAKS), and the
# last such piece is what it replaces.
_ninetunnel() {
    local line=${COMP_LINE:0:COMP_POINT} word before asked=() i
    _complete_ninetunnel
    [[ $line =~ ((\\.|[^[:space:]\\])*)$ ]] && word=${BASH_REMATCH[1]}
    before=${line%"$word"}
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            --home | --run) asked+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}") ;;
        esac
    done
    if [[ $before =~ [[:space:]]--peer[[:space:]]+$ ]]; then
        asked+=(--names)
    elif [[ $word == -* ]]; then
        return
    else
        case ${COMP_WORDS[1]} in
            ls | stat | cat | get | put | sync | mkdir | rm | mv | ln | chmod | find | du | df | mount) ;;
            *) return ;;
        esac
    fi
    local IFS=$'\n' found
    compopt +o filenames
    for found in $(ninetunnel complete "${asked[@]}" -- "${word//\\/}" 2>/dev/null); do
        [[ $found == */ || $found == *: ]] && compopt -o nospace
        printf -v found %q "$found"
        [[ $COMP_WORDBREAKS == *:* && $word == *:* ]] && found=${found#"${word%"${word##*:}"}"}
        COMPREPLY+=("$found")
    done
}
complete -o default -F _ninetunnel ninetunnel
