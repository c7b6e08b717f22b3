"""Every reason a verdict can have: a code for machines, a sentence for people, and what to do next.

A sentence names its values in braces. Results carry the values apart from the sentence, so that whoever draws
it (terminal, Markdown, HTML) escapes what users wrote and formats numbers in its own way.
"""

from enum import StrEnum


class Reason(StrEnum):
    """A reason code. `str(reason)` is the code; `.sentence` and `.advice` are for people."""

    sentence: str
    advice: str

    def __new__(cls, code: str, sentence: str, advice: str = "") -> "Reason":
        member = str.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        member.advice = advice
        return member

    @property
    def anchor(self) -> str:
        """The heading of this reason in docs/reasons.md."""
        return self.value

    # --- every part ---
    HOLDS = "holds", "everything the policy asks holds"
    NOTHING_TO_CHECK = "nothing-to-check", "nothing that the policy watches changed"
    PART_FAILED = "part-failed", "{count} of {total} checks fail", "open the failing lines below"
    PART_WARNED = "part-warned", "{count} of {total} checks need a look", "open the lines below"
    NOT_CONFIGURED = "not-configured", "the policy does not ask for this"
    ERROR = "error", "{what}", "{next}"
    OUTSIDE = "outside", "{what}", "try again; {next}"
    MISSING_PART = (
        "missing-part",
        "the runner left no facts about {part}",
        "re-run the check; if it stays missing, the log of the run says why",
    )

    SEE_REPORT = "see-report", "listed in the report"
    NOT_REACHED = "not-reached", "not computed, because {part} already fails", "mend {part} first"
    POLICY_UNCHANGED = "policy-unchanged", "this change does not alter the policy"
    POLICY_CHANGED = (
        "policy-changed",
        "this change edits {path}; it was judged by the policy of {base}",
        "have the owners of the policy look at the edit",
    )
    FACTS_REFUSED = "facts-refused", "the facts of this run are refused: {what}", "{next}"
    POLICY_FROM_HEAD = (
        "policy-from-head",
        "{base} has no {path} yet, so this change was judged by its own",
        "merge a policy into {base} first, then every change is judged by it",
    )

    HELD = "held", "{by} holds this change", "settle it with {by}, then say `/unhold`"
    HELD_BECAUSE = (
        "held-because",
        "{by} holds this change: {because}",
        "settle it with {by}, then say `/unhold`",
    )
    WAIVED = (
        "waived",
        "{why}; waived by {by} until {until}: {because}",
        "mend it before {until}, when the waiver runs out",
    )

    # --- production ---
    WATCH_LATE = (
        "watch-late",
        "nobody looked at production since {since}, and the policy wants a look every {every}",
        "see why `assay-monitor.yml` did not run or failed; GitHub stops schedules of repositories in which nothing happens",
    )

    # --- data ---
    DATA_MISSING = "data-missing", "{path} does not exist: {detail}", "push the data with `dvc push`, or mend the path"
    DATA_EMPTY = "data-empty", "{path} holds no rows", "check the step that wrote it"
    DATA_CORRUPT = "data-corrupt", "{path} cannot be read: {detail}", "write the file again and push it"
    DATA_FORMAT = (
        "data-format",
        "the format of {path} is not known",
        "use Parquet, CSV, JSON Lines or Arrow, with a suffix that says so",
    )
    DATA_MIXED = "data-mixed", "the files of {path} do not fit together: {detail}", "give every file in it the same columns"
    DATA_BOMB = "data-bomb", "{path} unpacks to more than is safe: {detail}", "store it uncompressed, or as Parquet"
    DATA_UNREADABLE = "data-unreadable", "{path} was not read: {detail}", "the log of the run says why"
    DATA_UNCHANGED = "data-unchanged", "{path} is the same as at the base"
    CONTRACT_HOLDS = "contract-holds", "{contract} holds for all {rows} rows"
    CONTRACT_NO_ROWS = "contract-no-rows", "{contract} was tried on no rows at all", "check the step that wrote the data"
    CONTRACT_FAILURE = (
        "contract-failure",
        "{rule} does not hold: {detail}",
        "mend the data, or change {contract} where the rule is wrong",
    )
    CONTRACT_FAILURES = (
        "contract-failures",
        "{count} rules of {contract} do not hold, the widest {rule}: {detail}",
        "mend the data, or change the contract where a rule is wrong",
    )
    CONTRACT_CHANGED = (
        "contract-changed",
        "this change also edits {contract}, so data and rule came together",
        "review the edit of the contract with the data in mind",
    )
    NO_ROWS_REMOVED = "no-rows-removed", "no row of {path} is gone; {added} are new"
    ROWS_REMOVED = (
        "rows-removed",
        "{count} rows of {path} are gone ({share})",
        "see whether that is meant; `max_removed` in assay.yml says how many may go",
    )
    ROWS_REMOVED_TOO_MANY = (
        "rows-removed-too-many",
        "{count} rows of {path} are gone ({share}), and {most} may be",
        "bring the rows back, or raise `max_removed` in assay.yml",
    )
    ROWS_REMOVED_WITHIN = "rows-removed-within", "{count} rows of {path} are gone ({share}), of at most {most}"
    KEY_UNUSABLE = (
        "key-unusable",
        "the rows of {path} cannot be matched by {key}: a part of it is missing or of another type",
        "write the key's columns as they are at the base, or mend `key` in assay.yml",
    )
    ROWS_SHARE_KEY = (
        "rows-share-key",
        "{count} rows of {path} share their key ({key}) with another",
        "remove the copies, name a fuller `key`, or set `allow_duplicates` in assay.yml",
    )
    ROWS_WITHOUT_KEY = "rows-without-key", "{count} rows of {path} have no whole key ({key})", "fill the key, or name another"
    SCHEMA_BREAK = (
        "schema-break",
        "columns of {path} broke: {detail}",
        "bring the columns back, or set `allow_schema_breaks` in assay.yml once every reader knows",
    )
    OVERLAP = (
        "overlap",
        "{count} rows of {path} ({share}) stand in {other} too, by key",
        "take them out of one of the two: what was trained on cannot be evaluated on",
    )
    DISJOINT = "disjoint", "{path} shares no key with {other}"
    LEAKAGE = (
        "leakage",
        "{column} tells {label} almost alone (strength {strength})",
        "drop the column if it is not known when the model predicts; else raise `leakage.strongest`",
    )
    NEW_DATA = "new-data", "{path} is new, so there is nothing that it could have moved from"
    # --- registry ---
    WORK_TREE_DIRTY = (
        "work-tree-dirty",
        "the work tree has changes that are not in {sha}",
        "commit or remove them; what git does not know needs a line in .gitignore",
    )
    NOT_ON_BRANCH = "not-on-branch", "{sha} was never the head of {branch}", "merge it, then register what {branch} ends in"
    FACTS_OF_ANOTHER = "facts-of-another", "the facts are about {found}, and this is {sha}", "check {sha} first"
    FACTS_OF_OTHER_BASE = (
        "facts-of-other-base",
        "the facts compare with {found}, and {base} is what was there before",
        "run `assay check --base {base}`",
    )
    FACTS_OF_EXPERIMENT = (
        "facts-of-experiment",
        "the facts are about an experiment: {count} parameters were set for it",
        "commit the parameters, then check what was committed",
    )
    FACTS_OF_DIRTY = (
        "facts-of-dirty",
        "the facts are about {sha} with changes that were not committed",
        "check a clean work tree; what git does not know needs a line in .gitignore",
    )
    VERDICT_RED = "verdict-red", "the verdict on {sha} is red: {why}", "mend that first: a red verdict is never registered"
    VERDICT_DIFFERS = (
        "verdict-differs",
        "the verdict that came with the facts says {stated}, and the policy makes it {found}",
        "leave the file out, or run `assay check` again",
    )
    ARTIFACT_UNKNOWN = (
        "artifact-unknown",
        "no lock of DVC's knows {path} at this commit",
        "run `dvc repro` and commit dvc.lock, or mend `model.artifact` in assay.yml",
    )
    ARTIFACT_MISSING = (
        "artifact-missing",
        "the bytes of {path} ({recorded}) are nowhere",
        "run `dvc push` on the machine that has them",
    )
    ARTIFACT_DIFFERS = (
        "artifact-differs",
        "{path} is {present}, and the lock says {recorded}",
        "run `dvc checkout`, or commit the lock that belongs to it",
    )
    STAGE_NOT_LOCKED = (
        "stage-not-locked",
        "{stage} was not up to date at {sha}, so what was judged is not what dvc.lock says",
        "run `dvc repro` and commit dvc.lock",
    )
    MODEL_NAME_REFUSED = (
        "model-name-refused",
        "no registry takes {model} as the name of a model",
        "name it in assay.yml with letters, digits, hyphens and underscores",
    )
    REFERENCE_UNHELD = (
        "reference-unheld",
        "{sha} holds no {path}, the reference of `monitor`: no profile of it is kept with the version",
        "name a data set of the repository in `monitor.reference`",
    )
    MODEL_NAME_NO_TAG = (
        "model-name-no-tag",
        "{model} cannot stand in a git tag of GTO's",
        "use small letters, digits and inner hyphens, or leave `registry.git_tags` out",
    )
    # --- pipeline ---
    PIPELINE_CURRENT = "pipeline-current", "all {count} stages are up to date"
    PIPELINE_UNREADABLE = (
        "pipeline-unreadable",
        "the pipeline cannot be read: {detail}",
        "mend the DVC files until `dvc status` works",
    )
    STAGE_STALE = "stage-stale", "stage {stage} is out of date: {because}", "run `dvc repro`, then commit dvc.lock and `dvc push`"
    STAGE_NEVER_RUN = "stage-never-run", "stage {stage} was never run", "run `dvc repro`, then commit dvc.lock and `dvc push`"
    NOT_PUSHED = (
        "not-pushed",
        "data committed but never pushed: the remote {remote} does not have {path}",
        "run `dvc push` on the machine that has it",
    )
    NO_REMOTE = (
        "no-remote",
        "no DVC remote is configured, so nobody else can get the data",
        "`dvc remote add --default`, then `dvc push`",
    )
    REMOTE_UNREACHABLE = "remote-unreachable", "the DVC remote cannot be reached: {detail}", "mend the access, then try again"
    REMOTE_UNUSABLE = (
        "remote-unusable",
        "the DVC remote cannot be used: {detail}",
        "mend .dvc/config (`dvc remote list` shows it)",
    )
    OBJECT_MISSING = (
        "object-missing",
        "{path} is nowhere: not in the cache, not in the remote",
        "run `dvc push` on the machine that has it",
    )
    # --- images ---
    IMAGES_KEPT = "images-kept", "{check}: all {count} images are as they must be"
    IMAGES_BROKEN = (
        "images-broken",
        "files that are no whole images ({count}): {examples}",
        "write them again, or take them out",
    )
    IMAGES_SIZE = (
        "images-size",
        "images of another size than {allowed} a side ({count}): {examples}",
        "scale them, or change `images.least_side` or `most_side` in assay.yml",
    )
    IMAGES_MODE = (
        "images-mode",
        "images of another mode than {allowed} ({count}): {examples}",
        "convert them, or allow the mode under `images.modes` in assay.yml",
    )
    IMAGES_FORMAT = (
        "images-format",
        "images of another format than {allowed} ({count}): {examples}",
        "convert them, or allow the format under `images.formats` in assay.yml",
    )
    IMAGES_LABELS = (
        "images-labels",
        "images and labels that do not fit each other ({count}): {examples}",
        "give each image one row in the table that `images.labels` names, and take out rows without an image",
    )
    IMAGES_DIFFER = "images-differ", "no images look alike (within {within} bits)"
    IMAGES_ALIKE = (
        "images-alike",
        "images that look like another ({count}): {examples}",
        "keep one of each, or set `images.within` or `images.duplicates` in assay.yml",
    )
    IMAGES_BALANCED = "images-balanced", "each of the {count} classes has at least {share} of the images"
    IMAGES_FEW = (
        "images-few",
        "classes with less than {share} of the images ({count}): {examples}",
        "add images of them, or lower `images.least_share` in assay.yml",
    )
    IMAGES_NO_CLASSES = (
        "images-no-classes",
        "no image has a class, and the policy wants {share} in each",
        "put images into a folder for each class or name a table by `images.labels`, or remove `images.least_share`",
    )
    IMAGES_MANY_CLASSES = (
        "images-many-classes",
        "{count} classes are more than can be judged by their share",
        "remove `images.least_share`, and judge `class` by drift",
    )
    # --- text ---
    TEXTS_KEPT = "texts-kept", "{check}: all {count} texts are as they must be"
    TEXTS_NO_COLUMN = (
        "texts-no-column",
        "the data has no column {column} that holds text",
        "name one of its columns under `text.column` in assay.yml, or bring it back",
    )
    TEXTS_BROKEN = (
        "texts-broken",
        "no sound UTF-8 texts ({count}): {examples}",
        "write them again as UTF-8, or take them out",
    )
    TEXTS_LENGTH = (
        "texts-length",
        "texts that have not {allowed} words ({count}): {examples}",
        "take them out, or change `text.least_words` or `most_words` in assay.yml",
    )
    TEXTS_LANGUAGE = (
        "texts-language",
        "texts in another language than {allowed} ({count}): {examples}",
        "take them out, or allow the language under `text.languages` in assay.yml",
    )
    TEXTS_DIFFER = "texts-differ", "no texts read alike (within {within} bits)"
    TEXTS_ALIKE = (
        "texts-alike",
        "texts that read like another ({count}): {examples}",
        "keep one of each, or set `text.within` or `text.duplicates` in assay.yml",
    )
    WORDS_HOLD = "words-hold", "the words are those of the base (moved by {distance} beyond chance)"
    WORDS_MOVED = (
        "words-moved",
        "the words moved by {distance} beyond chance, and {limit} is the limit; in the texts most of all {moved}; "
        "unseen at the base are {unseen} of the words: {examples}",
        "see whether it is meant; `text.vocabulary` in assay.yml sets the limits",
    )
    WORDS_NEW = "words-new", "the base has no words to compare with"
    WORDS_GONE = "words-gone", "the base has words, and the texts now have none", "bring the texts back"
    MEANING_HOLDS = "meaning-holds", "by {model}, the texts cannot be told from those of the base (AUC {auc})"
    MEANING_MOVED = (
        "meaning-moved",
        "by {model}, the texts can be told from those of the base: AUC {auc}, and {limit} is the limit ({rows} of each side)",
        "see whether it is meant; `text.embeddings` in assay.yml sets the limits",
    )
    MEANING_FEW = "meaning-few", "too few texts to compare by {model}", "bring more of them, or remove `text.embeddings`"
    # --- drift ---
    DRIFT_HOLDS = "drift-holds", "none of {judged} columns moved"
    DRIFT_UNCHANGED = "drift-unchanged", "the data is the same as at the base"
    DRIFT_SHARE = (
        "drift-share",
        "{count} of {judged} columns moved far; from {share} of them on the data set fails",
        "look at the columns below; if the change is meant, raise `drift.fail` or `drift.share` in assay.yml",
    )
    DRIFT_STEADY = "drift-steady", "{column} stayed: {measure} {value}, below {warn}"
    DRIFT_MOVED = "drift-moved", "{column} moved: {measure} {value}, and {warn} is worth a look", "see whether it is meant"
    DRIFT_MOVED_FAR = (
        "drift-moved-far",
        "{column} moved far: {measure} {value}, and {fail} is the limit",
        "see where the new values come from; if they are right, give the column its own `fail` in assay.yml",
    )
    DRIFT_UNSURE = (
        "drift-unsure",
        "{column}: {measure} {value} ± {bound} lies too near {threshold} to tell",
        "set `drift.mode: exact` in assay.yml to know",
    )
    DRIFT_NULLS = (
        "drift-nulls",
        "{column}: the share of missing values went from {before} to {after}",
        "check the source of the column, or raise `drift.nulls` in assay.yml",
    )
    DRIFT_NEW_CATEGORIES = (
        "drift-new-categories",
        "{column} has new categories ({count}): {examples}",
        "check that the model knows what to do with them",
    )
    DRIFT_EMPTIED = "drift-emptied", "{column} has no values any more", "check the step that writes it"
    DRIFT_NO_BASELINE = (
        "drift-no-baseline",
        "{column} has no values at the base, so there is nothing to compare with",
        "ignore the column under `drift.columns` until the base has it",
    )
    DRIFT_COLUMN_GONE = "drift-column-gone", "{column} is gone", "write it again, or ignore it under `drift.columns`"
    DRIFT_RETYPED = (
        "drift-retyped",
        "{column} changed its kind, so it cannot be compared",
        "write the column with the type it has at the base",
    )
    DRIFT_MEASURE = (
        "drift-measure",
        "{measure} is not defined for {column}",
        "use jensen_shannon or psi for categories, any measure for numbers and times",
    )
    DRIFT_NO_VALUE = "drift-no-value", "the runner left no distance for {column}", "run the check again; its log says why"
    DRIFT_NO_SUCH_COLUMN = (
        "drift-no-such-column",
        "assay.yml sets limits for {column}, which neither base nor head has",
        "mend the name under `drift.columns`",
    )
    DRIFT_NO_ROWS = "drift-no-rows", "the {side} has no rows", "check the step that writes the data"
    DRIFT_NOTHING_JUDGED = (
        "drift-nothing-judged",
        "no column could be judged",
        "name under `drift.columns` the columns that matter, or remove `drift` from the data set",
    )
    DRIFT_COLUMN_NEW = "drift-column-new", "{column} is new: there is nothing to compare it with"
    DRIFT_NO_VALUES = "drift-no-values", "{column} has no values on either side"
    DRIFT_NESTED = "drift-nested", "{column} is nested or binary: it has no distance"
    DRIFT_IDENTIFIER = (
        "drift-identifier",
        "{column} names rows (nearly every value is distinct), so it always differs",
        "name it under `drift.columns` to judge it all the same",
    )
    DRIFT_WITHHELD = (
        "drift-withheld",
        "{column}: no values of it are kept with the registered version, and the rows that it had cannot be had",
        "push them with DVC, or ignore it under `monitor.columns`",
    )
    DRIFT_TIME = (
        "drift-time",
        "{column} is a time, and time passes ({measure} {value})",
        "name it under `drift.columns` to judge it all the same",
    )
    DRIFT_IGNORED = "drift-ignored", "the policy ignores {column}"
    # --- refresh ---
    REFRESH_UNCHANGED = "refresh-unchanged", "nothing new: the {count} imports hold what their sources hold"
    REFRESH_ACCEPTED = "refresh-accepted", "{imports} came in new, and keeps what the policy asks of data"
    REFRESH_ACCEPTED_LOOK = (
        "refresh-accepted-look",
        "{imports} came in new, keeps what must hold, and needs a look",
        "open the lines below before the change is merged",
    )
    REFRESH_REJECTED = (
        "refresh-rejected",
        "{imports} is refused, and nothing was changed: {why}",
        "{next}; or ask {owners}, and refresh again",
    )
    REFRESH_UNWATCHED = (
        "refresh-unwatched",
        "no data set of assay.yml is {path}, so nothing was asked of what came in",
        "name it under `data` in assay.yml",
    )
    # --- monitor ---
    MONITOR_QUIET = "monitor-quiet", "{rows} rows of production look as the reference does in {judged} columns"
    MONITOR_FINDINGS = (
        "monitor-findings",
        "{count} findings in production, the worst of severity {severity}",
        "look at them below",
    )
    MONITOR_UNREADABLE = (
        "monitor-unreadable",
        "{data} cannot be read: {detail}",
        "see whether what writes it still runs, and whether `monitor` still names it",
    )
    MONITOR_TOO_FEW = (
        "monitor-too-few",
        "{rows} rows are too few to tell whether anything drifted; {least} are needed",
        "take a longer window, or wait",
    )
    MONITOR_GONE = "monitor-gone", "{column} is gone from production", "write it again, or ignore it under `monitor.columns`"
    MONITOR_RETYPED = (
        "monitor-retyped",
        "{column} changed its kind in production",
        "write it with the type that the model was made with",
    )
    MONITOR_NEW = "monitor-new", "{column} is in production and not in the reference", "ignore it under `monitor.columns`"
    MONITOR_NO_SUCH_COLUMN = (
        "monitor-no-such-column",
        "assay.yml sets limits for {column}, which neither production nor the reference has",
        "mend the name under `monitor.columns`",
    )
    MONITOR_LATE = (
        "monitor-late",
        "the newest row is {age} old ({newest}), and {limit} is the limit",
        "see whether what writes the data still runs",
    )
    MONITOR_FRESH = "monitor-fresh", "the newest row is {age} old"
    MONITOR_FUTURE = (
        "monitor-future",
        "{count} rows lie in the future by {column} and are left out",
        "mend the clock that wrote them",
    )
    MONITOR_UNTIMED = (
        "monitor-untimed",
        "{share} of the rows have no time in {column} and are left out",
        "write a time in every row",
    )
    MONITOR_VOLUME = (
        "monitor-volume",
        "{per_day} rows a day are {share} of the reference's {reference}",
        "see whether data is lost or comes twice; if it is right, set `monitor.volume`",
    )
    MONITOR_VOLUME_STEADY = "monitor-volume-steady", "{per_day} rows a day, and the reference has {reference}"
    MONITOR_MOVED_FAR = (
        "monitor-moved-far",
        "{column} moved far: {measure} {value}, and {fail} is the limit",
        "see where the new values come from; the model may need to learn them",
    )
    MONITOR_MOVED = "monitor-moved", "{column} moved: {measure} {value}, and {warn} is worth a look", "see where it goes"
    MONITOR_STEADY = "monitor-steady", "{column} stayed: {measure} {value}"
    MONITOR_CHANCE = "monitor-chance", "{column}: {measure} {value} can be chance in so few rows"
    MONITOR_TIME = "monitor-time", "{column} is a time, and time passes"
    MONITOR_MISSING = (
        "monitor-missing",
        "{column}: the share of missing values went from {before} to {after}",
        "check the source of the column, or raise `monitor.nulls`",
    )
    MONITOR_APART = (
        "monitor-apart",
        "a classifier tells production from the reference with an AUC of {auc}, and {limit} is the limit",
        "look at the columns that moved; where none did, at how they go together",
    )
    MONITOR_TOGETHER = "monitor-together", "a classifier tells production from the reference with an AUC of {auc}"
    MONITOR_WORSE = (
        "monitor-worse",
        "{metric} on {rows} labelled rows of production is {value} ({low} to {high}); {limit}",
        "see what the model gets wrong now; it may need to learn again",
    )
    MONITOR_PERFORMS = "monitor-performs", "{metric} on {rows} labelled rows of production is {value} ({low} to {high}); {limit}"
    MONITOR_UNLABELLED = (
        "monitor-unlabelled",
        "{rows} rows have their label so far, and {least} are needed to tell how well the model does",
        "wait, or take a longer window",
    )
    MONITOR_ESTIMATED_WORSE = (
        "monitor-estimated-worse",
        "{metric} is estimated at {value} ({low} to {high}) on {rows} rows of production without labels; {limit}",
        "label some of these rows, and see what the model is unsure of",
    )
    MONITOR_ESTIMATED = (
        "monitor-estimated",
        "{metric} is estimated at {value} ({low} to {high}) on {rows} rows of production without labels; {limit}",
    )
    MONITOR_NO_INTERVAL = "monitor-no-interval", "{metric}: {rows} rows, or those of one class, are too few for an interval"
    MONITOR_ROWS_GONE = (
        "monitor-rows-gone",
        "left out, because the rows of the reference cannot be had ({detail}): {parts}",
        "push them with DVC, or see why they cannot be fetched",
    )
    # --- personal ---
    NO_PERSONAL_DATA = "no-personal-data", "no personal data was found in {columns} columns"
    PERSONAL_DATA = (
        "personal-data",
        "{column} holds what looks like personal data: {form}, {count} values ({share})",
        "remove or pseudonymise the column, or allow {kind} for it under `personal: allow` in assay.yml",
    )
    # --- training ---
    TRAINED = "trained", "{executed} of {total} stages ran, {restored} restored, in {wall}{budget}"
    STAGE_EXECUTED = "stage-executed", "ran in {wall}"
    TOKENS_USED = "tokens-used", "language models were given {input} tokens and gave back {output}, for {money} {currency}"
    TOKENS_UNPRICED = (
        "tokens-unpriced",
        "language models were given {input} tokens and gave back {output}, for more than {money} {currency}: nobody says what "
        "{models} costs",
        "name it in `cost.tokens.prices` of assay.yml",
    )
    TOKENS_UNKNOWN = (
        "tokens-unknown",
        "what the run used of language models is not known: {detail}",
        "have a stage write {file} as an out or metric, as docs/cost.md has it; or take `cost.tokens` out of assay.yml",
    )
    STAGE_RESTORED = "stage-restored", "restored from the run cache"
    STAGE_FAILED = (
        "stage-failed",
        "stage {stage} failed with exit code {code}: {command}",
        "its last lines are below; `dvc repro` shows the same",
    )
    STAGE_NOT_REACHED = "stage-not-reached", "stage {stage} was not reached", "mend what failed before it"
    BUDGET_EXCEEDED = (
        "budget-exceeded",
        "training was stopped after its budget of {budget}, in stage {stage}",
        "raise train.budget in assay.yml, or make the stage cheaper",
    )
    NOT_TRAINED = (
        "not-trained",
        "{count} stages are out of date and were not run: {stages}",
        "run `assay train`, or `dvc repro` and commit dvc.lock",
    )
    TRAINING_FAILED = "training-failed", "`dvc repro` failed: {detail}", "run `dvc repro` yourself; it shows the same"
    # --- evaluation ---
    WITHIN_MARGIN = "within-margin", "{metric} is at most {worst} worse ({confidence}), within the {margin} you allow"
    WITHIN_MARGIN_NUMBER = (
        "within-margin-number",
        "{metric} got worse by {loss}, within the {margin} you allow (one number, so there is no interval)",
    )
    NOT_WORSE_NUMBER = "not-worse-number", "{metric} did not get worse: {gain} (one number, so there is no interval)"
    WITHIN_LIMITS = "within-limits", "{metric} is {head}, which you allow ({allowed})"
    UNCHANGED_METRIC = "unchanged-metric", "{metric} is the same on both sides, row by row"
    IMPROVED = "improved", "{metric} got better by {gain} ({low} to {high}, {confidence})"
    REGRESSED = (
        "regressed",
        "{metric} got worse by {loss} ({low} to {high}, {confidence}), more than the {margin} you allow",
        "look at the worst slices below, or at what the change does to the data",
    )
    WORSE_NUMBER = (
        "worse-number",
        "{metric} got worse by {loss}, more than the {margin} you allow",
        "undo what made it worse; if it only repeats badly, let Assay compute it from predictions, with an interval",
    )
    BELOW_FLOOR = "below-floor", "{metric} is {head}, below the floor of {floor}", "improve the model until it reaches the floor"
    ABOVE_CEILING = "above-ceiling", "{metric} is {head}, above the ceiling of {ceiling}", "bring it below the ceiling"
    NOT_IMPROVED = (
        "not-improved",
        "{metric} must get better, and that is not shown: {gain} ({low} to {high}, {confidence})",
        "evaluate on more rows if the gain is real, or improve the model further",
    )
    NOT_IMPROVED_NUMBER = "not-improved-number", "{metric} must get better, and it moved by {gain}", "improve the model further"
    INCONCLUSIVE = (
        "inconclusive",
        "{metric} may be up to {worst} worse ({confidence}), more than the {margin} you allow; {rows} rows cannot tell",
        "evaluate on more rows, or allow a wider margin on this metric",
    )
    TOO_FEW_ROWS = (
        "too-few-rows",
        "{metric} was measured on {rows} rows, fewer than the {min_rows} you ask for",
        "evaluate on more rows, or lower min_rows",
    )
    NO_INTERVAL = (
        "no-interval",
        "{metric} comes from {rows} rows, too few to say how sure its change is",
        "evaluate on more rows; an interval needs at least 10, and 10 of each class for rankings",
    )
    MISSING_METRIC = (
        "missing-metric",
        "{metric} is missing in {side}{detail}",
        "write it to a metrics file, or mend the gate's name",
    )
    MISSING_BASELINE = (
        "missing-baseline",
        "{metric} has no value at {side} to compare with{detail}",
        "merge a change that produces it first, or ask only for a floor or a ceiling until then",
    )
    NOT_A_NUMBER = (
        "not-a-number",
        "{metric} is not a finite number at {side}{detail}",
        "find out where it becomes NaN, infinite or text",
    )
    NO_ROWS = "no-rows", "{metric} was measured on no rows at {side}{detail}", "check the step that writes the predictions"
    DUPLICATE_METRIC = (
        "duplicate-metric",
        "{metric} stands in more than one place{detail}",
        "rename one of them, or list one file only",
    )
    UNREADABLE_METRIC = "unreadable-metric", "{metric} cannot be read at {side}{detail}", "mend the file that holds it"
    REPEATED_KEYS = "repeated-keys", "{metric}: keys repeat in the predictions of {side}{detail}", "write one row a key"
    MISSING_KEYS = "missing-keys", "{metric}: keys are missing in the predictions of {side}{detail}", "write a key in every row"
    MISMATCHED_KEYS = (
        "mismatched-keys",
        "{metric}: the predictions of both sides are not about the same rows{detail}",
        "evaluate both on the same rows; where a few may differ, say so with max_unpaired",
    )
    RELABELLED = (
        "relabelled",
        "{metric}: labels of the same keys differ from {side}{detail}",
        "correct labels in a change of their own, and evaluate the base on them; max_unpaired leaves a few such rows out",
    )
    MISSING_COLUMN = (
        "missing-column",
        "{metric}: a column is missing in the predictions of {side}{detail}",
        "write it, or mend the policy",
    )
    BAD_LABEL = (
        "bad-label",
        "{metric} cannot be computed from these labels at {side}{detail}",
        "use 0 and 1, or name the positive label with `positive`",
    )
    SCORE_OUT_OF_RANGE = (
        "score-out-of-range",
        "{metric} needs probabilities, and scores of {side} lie outside 0 to 1{detail}",
        "write the probability of the positive label as the score",
    )
    ONE_CLASS = (
        "one-class",
        "{metric} is not defined, because the rows of {side} are all of one class{detail}",
        "evaluate on rows of both classes",
    )
    UNDEFINED_METRIC = (
        "undefined-metric",
        "{metric} is not defined on the rows of {side}{detail}",
        "choose a metric that these labels have",
    )
    FUNCTION_FAILED = (
        "function-failed",
        "{metric}: your metric function failed on {side}{detail}",
        "run it on the predictions yourself",
    )
    MISSING_SLICE = (
        "missing-slice",
        "{metric} has no such slice in {side}{detail}",
        "mend the gate, or write the column to the predictions",
    )
    SMALL_SLICES = (
        "small-slices",
        "{count} slices of {column} with {rows} rows together have fewer than {min_rows} each and are not judged",
    )
    UNLISTED_SLICES = (
        "unlisted-slices",
        "{column} has more slices than are computed: the {count} smallest, {rows} rows together, are left out",
        "slice by a column with fewer values",
    )
    WORST_SLICE = "worst-slice", "{metric} is worst on {slice}: {head} on {rows} rows; no slice lost"
    WORST_SLICES = "worst-slices", "{metric} is worst on {slice}: {head} on {rows} rows; {loser} lost most: {change}"
    NO_WORST_SLICE = "no-worst-slice", "none of the {total} slices of {metric} has {min_rows} rows and a value"
    SINCE_BASELINE = "since-baseline", "{metric} went from {before} to {head} since {reference} ({change})"
    NO_GATES = "no-gates", "no gate is set; {count} metrics are reported", "add gates to assay.yml"
    METRIC_CODE_CHANGED = (
        "metric-code-changed",
        "this change edits {path}, which computes a metric",
        "read the edit: both sides are measured by the new code",
    )
    # --- fairness ---
    FAIR = "fair", "{criterion} by {column}: the largest gap is {gap}, within {limit} (base: {before})"
    UNFAIR = (
        "unfair",
        "{criterion} by {column}: the largest gap is {gap}, more than the {limit} you allow (base: {before})",
        "compare the groups' rates below",
    )
    FAIRNESS_UNDEFINED = (
        "fairness-undefined",
        "{criterion} by {column} has no value: fewer than two groups have the rows it needs",
        "evaluate on more rows of each group, or choose another column",
    )
    FAIRNESS_COLUMN_MISSING = (
        "fairness-column-missing",
        "the predictions have no column {column} to tell groups by",
        "write the column, or mend `by`",
    )
    FAIRNESS_GROUPS = (
        "fairness-groups",
        "fewer than two groups of {column} have {min_rows} rows",
        "evaluate on more rows of each group, or choose another column",
    )
    FAIRNESS_UNREADABLE = "fairness-unreadable", "fairness by {column} cannot be computed{detail}", "mend the predictions"
    SMALL_GROUPS = "small-groups", "groups of {column} with fewer than {min_rows} rows are left out: {groups}"

    # --- commands ---
    RUN_STARTED = "run-started", "{command} runs on {sha}"
    ALREADY_STARTED = "already-started", "{command} was started on {sha} before"
    TOLD = "told", "here it is"
    COMMAND_MISTAKEN = "command-mistaken", "that cannot be read"
    UNKNOWN_COMMAND = "unknown-command", "there is no such command"
    NOT_WRITTEN = "not-written", "GitHub did not take it: {what}", "mend that, then say it again"
    TOO_MANY_COMMANDS = "too-many-commands", "that is more than is read"
    NOT_TOGETHER = (
        "not-together",
        "{command} was not done, because another line of the comment was not; all of a comment is done or nothing",
        "mend that line and say both again",
    )
    GATE_ANSWERED = "gate-answered", "GitHub was told whether the job may go on"
    GATE_WAITS = "gate-waits", "GitHub was told that it is to be decided yet whether the job may go on"
    REQUEST_OPENED = "request-opened", "asked for: {title}"
    REQUEST_STANDS = "request-stands", "version {version} of {model} is asked for already"
    REQUEST_NONE = "request-none", "{what}", "say it on the issue of a request"
    REQUEST_CLOSED = "request-closed", "this request is over", "ask for it again with `/promote`"
    REQUEST_UNWEIGHED = "request-unweighed", "the request cannot be weighed now: {what}", "mend that, then say it again"
    VOTE_HEARD = "vote-heard", "it counts; the card says what is still missing"
    REGISTRY_NONE = (
        "registry-none",
        "no registry is named here",
        "set `MLFLOW_TRACKING_URI` where the bot runs",
    )
    MODEL_UNKNOWN = "model-unknown", "{model} is not the model that the policy names", "see `model.name` in assay.yml"
    VERSION_NOT_THERE = "version-not-there", "there is no such version to promote: {what}", "register it with `assay register`"
    ENVIRONMENT_NOT_THERE = (
        "environment-not-there",
        "the policy has no environment {environment}; it has {known}",
        "name one of them, or add it to `environments` in assay.yml",
    )
    NOT_ALLOWED = "not-allowed", "{actor} may not say {command}; it takes {who}", "ask somebody who may"
    PERMISSION_UNKNOWN = (
        "permission-unknown",
        "what {actor} may do here could not be found out, so nothing was done: {detail}",
        "say it again later",
    )
    POLICY_BROKEN = (
        "policy-broken",
        "{path} on {base} cannot be read, so nobody knows who may do what: {detail}",
        "mend it on {base}",
    )
    ONLY_ON_PULL_REQUESTS = "only-on-pull-requests", "{command} works on pull requests", "say it on one"
    PULL_REQUEST_CLOSED = "pull-request-closed", "{command} does nothing on a pull request that is closed", "open it again first"
    CONVERSATION_LOCKED = "conversation-locked", "{command} does nothing where the conversation is locked", "unlock it first"
    PULL_REQUEST_DRAFT = "pull-request-draft", "{command} waits until this is no draft any more", "mark it ready for review first"
    FORK_NOT_TRUSTED = (
        "fork-not-trusted",
        "this is the code of a fork, which runs only by the word of somebody who has read it",
        "read it, then say {line}, which is good for this commit alone",
    )
    FORK_ONLY_CHECKED = (
        "fork-only-checked",
        "the code of a fork can be checked, nothing more",
        "say {line} once it is read",
    )
    HEAD_MOVED = "head-moved", "the head is {head} now, not {sha}", "look at what came, then say it for {head}"
    NO_WORKFLOW = "no-workflow", "the default branch has no {workflow}", "add it with `assay init`"
    INPUTS_REFUSED = (
        "inputs-refused",
        "{workflow} was not started: {detail}",
        "mend that; a workflow that is older than Assay is renewed by `assay init`",
    )
    NOTHING_RUNS = "nothing-runs", "no run of {sha} is under way"
    RUNS_CANCELLED = "runs-cancelled", "{count} runs of {sha} are being stopped"
    HOLD_BEGAN = "hold-began", "{actor} holds this change; the check on governance is red until somebody says `/unhold`"
    HOLD_ENDED = "hold-ended", "nobody holds this change any more"
    NOT_HELD = "not-held", "nobody holds this change"
    WAIVER_GIVEN = "waiver-given", "{gate} is waived until {until}: {because}"
    WAIVER_TOO_LONG = (
        "waiver-too-long",
        "a waiver lasts {most} days at most, and {until} is {days} days away",
        "name an earlier day",
    )
    WAIVER_PAST = "waiver-past", "{until} is over", "name a day to come"
    WAIVER_BY_AUTHOR = "waiver-by-author", "{actor} wrote this change and cannot waive what it fails", "ask somebody else"
    WAIVER_UNKNOWN_CHECK = "waiver-unknown-check", "no check of this change is called {gate}", "the checks are {known}"
    LOCK_TAKEN = "lock-taken", "{name} is locked for #{number} by {actor}"
    LOCK_THERE = (
        "lock-there",
        "{name} is locked by {by} for {owner} since {since}: {because}",
        "ask {by}, or say {line} and why",
    )
    LOCK_UNREADABLE = "lock-unreadable", "the lock {name} cannot be read, so it holds", "have an administrator look at {ref}"
    LOCK_NO_NAME = (
        "lock-no-name",
        "{name} can be no lock",
        "name an environment of at most 40 letters, digits and dashes, or `all`",
    )
    LOCK_RELEASED = "lock-released", "{name} is not locked any more"
    NOT_LOCKED = "not-locked", "{name} is not locked"
    UNLOCK_NEEDS_REASON = (
        "unlock-needs-reason",
        "{name} is locked by {by}, not by {actor}",
        "say why: {line}",
    )
    NO_OWNERS = "no-owners", "no data set with an `owner` differs", "name owners in assay.yml"
    REVIEWERS_ASKED = "reviewers-asked", "{who} were asked to review the data that differs"
    NO_SUCH_REFERENCE = "no-such-reference", "there is no {reference} here", "see that the name is right"
    NO_VERDICT = "no-verdict", "no verdict on {sha} is known yet", "wait for the check, or say `/check`"
    NO_SUCH_CHECK = "no-such-check", "the verdict on {sha} has no check called {gate}", "the checks are {known}"
    COMMENT_GONE = "comment-gone", "the comment is gone, and with it what it asked for"
    ANSWERED = "answered", "the comment was answered in the meantime"
    COMMENT_EDITED = "comment-edited", "what a comment says after an edit is not done", "say it in a new comment"
    FOREIGN_EDIT = "foreign-edit", "somebody else edited the comment, so nothing in it is done", "say it in a comment of your own"
    NO_COMMAND = "no-command", "there is no command in it"
    IGNORED_BOT = "ignored-bot", "what a bot says is no command"
    PUBLISHED = "published", "the report is up to date"
    NOT_OURS = "not-ours", "it is about nothing of Assay's"
    REFRESHED = "refreshed", "what stands on the pull request is up to date"
    REGISTRY_AS_PROMOTED = "registry-as-promoted", "every alias points to what was promoted"
    REGISTRY_OUTSIDE = "registry-outside", "something happened in the registry around the process", "see the issue about it"
    REGISTRY_BUSY = "registry-busy", "a promotion is under way, so it is looked at later"
    PUT_OFF = "put-off", "few of this hour's requests are left, so it waits for the next sweep"

    # --- approvals ---
    REQUEST_APPROVED = "request-approved", "{model} {version} may be promoted to {environment}"
    REQUEST_PENDING = "request-pending", "{model} {version} waits for approvals for {environment}", "see below who can give them"
    REQUEST_REJECTED = "request-rejected", "{model} {version} is rejected for {environment}", "settle the objection below"
    REQUEST_EXPIRED = "request-expired", "the request for {model} {version} in {environment} is over", "ask for it again"
    REQUEST_PROMOTED = "request-promoted", "{model} {version} was promoted to {environment}"
    REQUEST_SUPERSEDED = "request-superseded", "another request asks for a newer version of {model} in {environment}"
    REQUEST_FROZEN = "request-frozen", "nothing is promoted to {environment} now", "wait until the freeze below is over"
    REQUEST_BLOCKED = (
        "request-blocked",
        "{model} {version} cannot be promoted to {environment} yet",
        "see below what is in the way",
    )
    ENVIRONMENT_UNKNOWN = (
        "environment-unknown",
        "the policy has no environment {environment}, so nothing is promoted to it",
        "add it to `environments` in assay.yml of the base",
    )
    RULES_APPROVED = "rules-approved", "all that is needed is given"
    RULES_PENDING = "rules-pending", "something is still to be given"
    RULES_SKIPPED = "rules-skipped", "nothing of it applies"
    RULES_ERROR = "rules-error", "it cannot be told whether a rule applies", "see below which, and why"
    RULES_NONE = (
        "rules-none",
        "no rule applies, and nothing is approved by default",
        "add a rule without a condition to `approved_if`",
    )
    RULE_APPROVED = "rule-approved", "given by {people}"
    RULE_PENDING = "rule-pending", "{given} of {count} given; it could be given by {people}", "ask them"
    RULE_NOBODY = (
        "rule-nobody",
        "{given} of {count} given; nobody is left who has the role {role} and may approve this",
        "name more people in `roles` of the base, or have somebody else make the change",
    )
    RULE_SKIPPED = "rule-skipped", "it does not apply: {what}"
    RULE_UNKNOWN = "rule-unknown", "nobody can tell whether it applies: {what}", "run the check again, so that it is known"
    RULE_NOT_NEEDED = "rule-not-needed", "another way is given already"
    AUTHORS_MORE_GIVEN = "authors-more-given", "given by {people}, as commits belong to e-mails of no account"
    AUTHORS_MORE = (
        "authors-more",
        "commits belong to e-mails of no account, so {count} more must approve, {given} did; it could be given by {people}",
        "add the e-mail to the account of its owner, or ask them",
    )
    AUTHORS_UNKNOWN = (
        "authors-unknown",
        "nobody can tell who wrote the commits of {emails}, so nobody can be kept from approving their own work",
        "add the e-mail to the account of its owner",
    )
    AUTHORS_NOT_FOUND = (
        "authors-not-found",
        "who had a part in the change could not be found out, so nobody can be kept from approving their own work",
        "try again later",
    )
    APPROVAL_GREEN = "approval-green", "the verdict lets it pass"
    APPROVAL_RED = "approval-red", "the verdict is red, which no approval mends", "mend or waive what fails"
    APPROVAL_NO_VERDICT = "approval-no-verdict", "there is no verdict", "run the check"
    APPROVAL_OPEN = "approval-open", "the request is open until {until}"
    APPROVAL_EXPIRED = "approval-expired", "the request was open until {until}", "ask for it again"
    OBJECTION = "objection", "{login} objects", "settle it with {login}, who can take it back with `/revoke`"
    OBJECTION_BECAUSE = (
        "objection-because",
        "{login} objects: {because}",
        "settle it with {login}, who can take it back with `/revoke`",
    )
    BEFORE = "before", "{version} stands in {environment} since {since}"
    NOT_BEFORE = "not-before", "{version} does not stand in {environment}", "promote it to {environment} first"
    NOT_LONG_BEFORE = (
        "not-long-before",
        "{version} stands in {environment} for less than {what}",
        "wait until {until}",
    )
    FREEZE = "freeze", "nothing is promoted during {window} ({zone})", "wait until it is over"
    NO_FREEZE = "no-freeze", "no freeze holds now"
    WAITING = "waiting", "it must have been asked for during {what}", "wait until {until}"
    COOLING = "cooling", "the last promotion is less than {what} ago", "wait until {until}"
    TIME_OVER = "time-over", "the required {what} ended at {until}"
    WAIVERS_FEW = "waivers-few", "{count} waivers are open, and {most} may be"
    WAIVERS_MANY = "waivers-many", "{count} waivers are open, and {most} may be", "mend what was waived"
    WAIVERS_UNKNOWN = "waivers-unknown", "how many waivers are open is not known, and {most} may be", "try again"
    REVIEW_WANTED = "review-wanted", "the emergency promotion of {version} is to be reviewed until {until}", "review it"
    REVIEW_GIVEN = "review-given", "the emergency promotion of {version} was reviewed"
    REVIEW_OVERDUE = (
        "review-overdue",
        "the emergency promotion of {version} was to be reviewed until {until}",
        "review it; until then nothing else is approved here",
    )
    GLASS_PASSES = "glass-passes", "{login} answers for it in an emergency"
    GLASS_NONE = "glass-none", "this environment has no way for emergencies", "see `break_glass` in assay.yml"
    GLASS_WORDS = "glass-words", "{login} gives {count} different words of reason, and {least} are needed", "say why"
    GLASS_OVER = "glass-over", "what {login} said of an emergency was good for {what}", "say it again where it still is one"
    GLASS_COOLING = "glass-cooling", "the last emergency was at {since}, less than {what} ago", "ask for approvals"
    ROLLBACK_BY = "rollback-by", "{login} has the role {roles} and answers for it"
    ROLLBACK_RAN = "rollback-ran", "version {version} ran in {environment} before"
    ROLLBACK_NO_WORD = "rollback-no-word", "nobody says any more that it is to go back", "say `/rollback` in a new comment"
    ROLLBACK_USED = "rollback-used", "what {login} said was done already", "say `/rollback` in a new comment"
    ROLLBACK_NOTHING = "rollback-nothing", "nothing ran in {environment} before", "promote a version that mends it"
    ROLLBACK_NEVER = (
        "rollback-never",
        "version {version} was never promoted to {environment}",
        "name one that was, or ask for it with `/promote`",
    )
    ROLLBACK_RUNS = "rollback-runs", "version {version} runs in {environment} already", "name another with `to VERSION`"
    ROLLBACK_OTHER = "rollback-other", "version {version} is not what the comment says", "say `/rollback` in a new comment"
    ROLLBACK_CHANGED = (
        "rollback-changed",
        "the registry says other things of version {version} than when it was promoted to {environment}",
        "look who changed its tags; name another with `to VERSION`",
    )
    ROLLBACK_VOTES = "rollback-votes", "a rollback asks for no votes", "to stop it, close its issue"
    TUNE_BETTER = (
        "tune-better",
        "{metric} goes from {before} to {after}, and would again: {change} over {seeds} seeds ({low} to {high})",
        "look at the difference, then `assay tune --apply`",
    )
    TUNE_BETTER_ONCE = (
        "tune-better-once",
        "{metric} goes from {before} to {after}; whether it would again was not asked",
        "name the seed under `tune.repeats`",
    )
    TUNE_PAYS = (
        "tune-pays",
        "{metric} pays for it and goes from {before} to {after}",
        "weigh it against what is gained, or look among the other compromises",
    )
    TUNE_SEED_IDLE = (
        "tune-seed-idle",
        "{metric} goes from {before} to {after}; the seed changes nothing, so repeating says nothing of luck",
        "see that `tune.repeats` names the seed; of a pipeline without chance, look at the winner on other data",
    )
    TUNE_NOISE = (
        "tune-noise",
        "within noise: {metric} went from {before} to {after} once, and over {seeds} seeds by {change} ({low} to {high})",
        "keep the present parameters, or repeat over more seeds",
    )
    TUNE_LUCK = (
        "tune-luck",
        "the winner won by luck: over {seeds} seeds {metric} is worse by it, {change} ({low} to {high})",
        "keep the present parameters",
    )
    TUNE_NONE_BETTER = (
        "tune-none-better",
        "nothing that was tried is better: {metric} is {before} now, and {after} at best",
        "keep the present parameters, or search longer or elsewhere",
    )
    TUNE_NO_TRIAL = "tune-no-trial", "no trial ended with all of the objectives", "see why with `assay tune --trials 1`"
    VOTE_EDITED = "vote-edited", "the comment of {login} was edited by {by}", "say it in a new comment"
    VOTE_DELETED = "vote-deleted", "the comment of {login} was deleted"
    VOTE_BOT = "vote-bot", "{login} is a bot, and bots never count"
    VOTE_NOBODY = "vote-nobody", "the account that wrote it is gone"
    VOTE_NO_CODE = "vote-no-code", "{login} names no code", "say `/approve` and the code of the card"
    VOTE_OTHER_CODE = "vote-other-code", "{login} names {code}, which is not what is asked for", "name the code of the card"
    VOTE_LAPSED = "vote-lapsed", "{login} named {code}, and since then changed: {what}", "look at that, then name the new code"
    VOTE_OWN_WORK = "vote-own-work", "{login} {what}, and nobody approves their own work", "ask somebody else"
    VOTE_NO_ROLE = "vote-no-role", "{login} does not have the role {roles} now", "ask somebody who has"
    VOTE_UNKNOWN = "vote-unknown", "which roles {login} has could not be found out", "try again later"
    VOTE_REVOKED = "vote-revoked", "{login} took it back"
    VOTE_TURNED = "vote-turned", "{login} objected after it"
    VOTE_AGAIN = "vote-again", "{login} said it again later"
    # --- proposals ---
    PROPOSAL_HELPS = "proposal-helps", "it holds, and it brings what the policy asks of a proposal"
    PROPOSAL_RED = "proposal-red", "it does not hold: the verdict is red", "open the failing lines"
    PROPOSAL_NO_BETTER = (
        "proposal-no-better",
        "no gated metric is shown to be better than what is there",
        "nothing has to be done; `keep: passed` under `retrain` of assay.yml keeps models trained anew open all the same",
    )
    MERGE_GOES = (
        "merge-goes",
        "the verdict passed, all else that ran on {sha} ended well, and `retrain.merge` of assay.yml asks for it",
    )
    MERGE_NOT_OURS = "merge-not-ours", "it is no open retraining that the bot proposed for the default branch"
    MERGE_NOT_PASSED = "merge-not-passed", "the verdict on {sha} did not pass", "look at the report, then merge or close by hand"
    MERGE_PENDING = "merge-pending", "something that runs on {sha} has not ended", "wait for it"
    MERGE_CHECKS = "merge-checks", "something that ran on {sha} did not end well", "look at the checks below"
    MERGE_PUSHED = "merge-pushed", "{sha} is not the commit that the bot pushed last", "look at what came, then merge by hand"
    MERGE_FILES = (
        "merge-files",
        "it changes more than a retraining may, or it cannot be seen what",
        "look at the files, then merge by hand",
    )
    MERGE_FROZEN = "merge-frozen", "everything is locked", "end the freeze by `/unlock all`, or wait for its end"
    MERGE_CONFLICT = "merge-conflict", "it conflicts with {branch}", "say `/retrain`, which starts from {branch} as it is now"
    MERGE_BLOCKED = "merge-blocked", "the rules of {branch} ask for more (GitHub says: {state})", "see what the merge box names"
    MERGE_REFUSED = "merge-refused", "it was tried: {said}", "merge by hand; it is tried again once something changes"
    OVER_BUDGET = (
        "over-budget",
        "{command} was not started: {what}; beyond that it takes {who}",
        "ask somebody who may, or change `cost.budget` in assay.yml",
    )
    RETRAIN_STARTED = "retrain-started", "the model is trained anew on {branch}; what comes of it becomes a pull request"
    TRIAL_PRUNED = "trial-pruned", "it was worse than half of the trials before it at the same step, so it was ended"
    TUNE_STARTED = "tune-started", "better parameters are searched for on {branch}; a winner becomes a pull request"
    TUNE_UNSET = "tune-unset", "nothing says which parameters may be tried", "add `tune` to assay.yml; see docs/tune.md"


UNUSABLE = frozenset(
    {
        Reason.MISSING_METRIC,
        Reason.MISSING_BASELINE,
        Reason.NOT_A_NUMBER,
        Reason.NO_ROWS,
        Reason.DUPLICATE_METRIC,
        Reason.UNREADABLE_METRIC,
        Reason.REPEATED_KEYS,
        Reason.MISSING_KEYS,
        Reason.MISMATCHED_KEYS,
        Reason.RELABELLED,
        Reason.MISSING_COLUMN,
        Reason.BAD_LABEL,
        Reason.SCORE_OUT_OF_RANGE,
        Reason.ONE_CLASS,
        Reason.UNDEFINED_METRIC,
        Reason.FUNCTION_FAILED,
        Reason.MISSING_SLICE,
    }
)
"""Why a metric can have no usable value. Each sentence names metric, side and detail (which begins with a space or is empty)."""

FAIRNESS_PROBLEMS = frozenset({Reason.FAIRNESS_COLUMN_MISSING, Reason.FAIRNESS_GROUPS, Reason.FAIRNESS_UNREADABLE})
"""Why fairness can have no value. Each sentence names column, detail or min_rows."""
