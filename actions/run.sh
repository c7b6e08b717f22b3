#!/usr/bin/env bash
# Runs a verb for an action: run.sh VERB. Its inputs come as ASSAY_* variables; nothing of them is ever read as shell.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
arguments=("$1")

option() { # option NAME VALUE: left out where the value is empty
    if [ -n "$2" ]; then arguments+=("--$1=$2"); fi
}

flag() { # flag VALUE ON OFF: the option for true and the one for false; an empty one is left out
    case $1 in
        "" | true) if [ -n "$1" ] && [ -n "$2" ]; then arguments+=("$2"); fi ;;
        false) if [ -n "$3" ]; then arguments+=("$3"); fi ;;
        *)
            echo "assay: an input is \`$1\`. Write true or false" >&2
            exit 2
            ;;
    esac
}

base() {
    local named=${ASSAY_BASE:-}
    if [ -z "$named" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then named=origin/$GITHUB_BASE_REF; fi
    # The first push of a branch comes after no commit.
    if [[ $named =~ ^0+$ ]]; then named=HEAD; fi
    option base "$named"
}

case $1 in
    handle) ;; # what it needs it takes from the runner
    publish)
        option run "${ASSAY_RUN:-}"
        option facts "${ASSAY_FACTS:-}"
        option artifact "${ASSAY_ARTIFACT:-}"
        ;;
    commit)
        option request "${ASSAY_REQUEST:-}"
        option run "${ASSAY_RUN:-}"
        option artifact "${ASSAY_ARTIFACT:-}"
        ;;
    register)
        base
        option facts "${ASSAY_FACTS:-}"
        option repository "${ASSAY_FOLDER:-}"
        arguments+=(--optional)
        ;;
    request)
        arguments+=(--on-merge -- "${ASSAY_NAME:-}")
        ;;
    authorize)
        option out "${ASSAY_OUT:-}"
        option request "${ASSAY_REQUEST:-}"
        arguments+=(-- "${ASSAY_ISSUE:-}")
        ;;
    promote)
        option decision "${ASSAY_DECISION:-}"
        option outcome "${ASSAY_OUTCOME:-}"
        option repository "${ASSAY_FOLDER:-}"
        ;;
    record)
        option decision "${ASSAY_DECISION:-}"
        option outcome "${ASSAY_OUTCOME:-}"
        arguments+=(-- "${ASSAY_ISSUE:-}")
        ;;
    monitor)
        option reference "${ASSAY_REFERENCE:-}"
        option repository "${ASSAY_FOLDER:-}"
        option out "${ASSAY_OUT:-}"
        option prometheus "${ASSAY_PROMETHEUS:-}"
        flag "${ASSAY_MLFLOW:-}" --mlflow ""
        ;;
    retrain)
        option repository "${ASSAY_FOLDER:-}"
        option out "${ASSAY_OUT:-}"
        flag "${ASSAY_UPDATE:-}" "" --no-update
        flag "${ASSAY_FULL:-}" --full ""
        flag "${ASSAY_PROPOSE:-}" --propose ""
        ;;
    tune)
        option repository "${ASSAY_FOLDER:-}"
        option out "${ASSAY_OUT:-}"
        option trials "${ASSAY_TRIALS:-}"
        option minutes "${ASSAY_MINUTES:-}"
        option worker "${ASSAY_WORKER:-}"
        flag "${ASSAY_PROPOSE:-}" --propose ""
        ;;
    propose)
        option because "${ASSAY_BECAUSE:-}"
        option artifact "${ASSAY_ARTIFACT:-}"
        option facts "${ASSAY_FACTS:-}"
        option tuning "${ASSAY_TUNING:-}"
        arguments+=(-- "${ASSAY_KIND:-}")
        ;;
    refresh)
        option repository "${ASSAY_FOLDER:-}"
        option out "${ASSAY_OUT:-}"
        flag "${ASSAY_PUSH:-}" --push --no-push
        ;;
    sight)
        arguments+=(-- "${ASSAY_SIGHTING:-}")
        ;;
    *)
        base
        option repository "${ASSAY_FOLDER:-}"
        option out "${ASSAY_OUT:-}"
        option request "${ASSAY_REQUEST:-}"
        flag "${ASSAY_TRAIN:-}" "" --no-train
        flag "${ASSAY_REMOTE:-}" "" --no-remote
        flag "${ASSAY_WHOLE:-}" --whole ""
        ;;
esac
exec "${ASSAY_HOME:?}/bin/python" -I "$root/assay/__main__.py" "${arguments[@]}"
