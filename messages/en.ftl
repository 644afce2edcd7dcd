# Every sentence the author of a script reads, in English. `{ $name }` is an argument; text of the script stands between
# backticks. Diagnostics begin in lower case and have no full stop. Each message of this file is in ru.ftl too, with the
# same arguments (tests/wording.rs).

## Several things in one sentence

list-all = { $first } and { $last }
list-any = { $first } or { $last }

## Documentation of functions

doc-functions = Functions
doc-functions-of-group = Functions: { $group }
doc-generated = Generated from the declarations by `{ $command }`.
doc-arguments = Arguments
doc-argument = { $takes }: { $about }
doc-argument-with-default = { $takes }: { $about } (default { $default })
doc-optional-argument = { $takes }: { $about } (optional)
doc-columns = argument | takes | default | meaning
doc-required = required
doc-returns = Returns { $what }
doc-returns-or-refuses = Returns { $what }; { $failure } when an argument is refused
doc-returns-and-never-refuses = Returns { $what }; never refuses
doc-aliases = Also called { $names }
doc-of-the-vendor = Documented by the vendor of the original calculator
doc-addition = An addition of this interpreter
doc-variables = built-in variables
doc-variables-of-index = Built-in variables
doc-platform-function = { $name }(...)

    { $about }
    With `--absent none` its calls do nothing and return None.
platform-function-of-service = A function of an outside service ({ $group }): it needs a host, and nothing here provides it.
platform-function-of-integration = A function of a business integration ({ $group }): it needs a host, and nothing here provides it.
doc-unknown = there is no function `{ $name }`: `calc doc` lists all, `calc doc --search WORD` looks for one
doc-did-you-mean = there is no function `{ $name }`: did you mean `{ $meant }`?
doc-nothing-found = no function has `{ $word }` in its name or documentation
explain-unknown = there is no diagnostic `{ $code }`: `calc explain` lists all

## Files of projects

file-some-object = an object
project-file-position = line { $line }, column { $column }: { $problem }
project-file-place = line { $line }, column { $column }, { $place }: { $problem }
file-expected = { $expected } is expected, found { $found }
file-object = an object `{"{"}…{"}"}`
file-list = a list `[…]`
file-flag = `true` or `false`
file-value = `{ $value }`
file-time = a time like `2026-11-20 09:00:00`
file-unknown-key-meant = there is no key `{ $key }`: did you mean `{ $meant }`?
file-unknown-key = there is no key `{ $key }`: there are { $known }
file-missing-key = `{ $key }` is missing
file-not-an-id = `{ $id }` is not an id: ids are whole numbers above 0
file-not-a-time = `{ $text }` is not a time: write one like `2026-11-20 09:00:00` (UTC)
file-unknown-word-meant = there is no `{ $word }`: did you mean `{ $meant }`?
file-unknown-word = there is no `{ $word }`: write { $known }
file-temporary-variable = no script can read `{ $name }`: a variable whose name begins with `_` is never stored
file-key-twice = the key is there twice
file-variable-out-of-reach = no script can read `{ $name }`: the name of a variable has letters, digits and `_`
file-id-twice = the id `{ $id }` is used twice, here and in { $first }; clients, deals, tasks, stages, pipelines, lists, labels and tables share one counter
file-column-twice = the column `{ $column }` is there already
file-record-twice = the id `{ $id }` is used twice in this table, here and in { $first }
file-no-column = the table has no column `{ $column }`
file-no-column-meant = the table has no column `{ $column }`: did you mean `{ $meant }`?
file-no-operator = there is no operator `{ $email }` in the file
file-no-operator-meant = there is no operator `{ $email }` in the file: did you mean `{ $meant }`?
file-not-a-zone = `{ $zone }` is not a time zone: write one like `Europe/Moscow`
file-empty-email = the email is empty
file-operator-twice = there is another operator `{ $email }`
file-negative = `{ $number }` is negative
file-visit-twice = there is another visit of block `{ $block }`
file-too-many-scheduled = a client has at most { $most } scheduled messages
file-scheduled-needs-content = a scheduled message needs a `block` or a `text`
file-no-stage = there is no stage `{ $stage }` in the file
file-no-client = there is no client `{ $client }` in the file
file-no-deal = there is no deal `{ $deal }` in the file
file-not-a-date = `{ $text }` is not a date: write `dd.mm.yyyy`
file-not-a-clock-time = `{ $text }` is not a time: write `HH:MM`
file-hours = `"always"` or a pair like `["09:00", "18:00"]` is expected
file-not-a-day = `{ $found }` is not a day: write 1 (Monday) to 7 (Sunday)
file-block-twice = block `{ $block }` is named twice, here and in { $first }
file-event-has-none = an event `{ $kind }` has no `{ $key }`
file-priority = `{ $found }` is not a priority: write 0 (neutral) to 3 (error)
file-window = `"day"` or a number of minutes is expected
file-open-deal-closed-at = the deal is active, so it has no time of closing: give a `status` or leave out `closed_at`
file-closed-before-created = the deal was closed before it was created, see { $place }
file-open-task-done-at = the task is not done, see { $place }, so it has no time of completion
file-empty-name = the name is empty
file-label-twice = there is another label `{ $name }`, see { $first }
file-not-a-color = `{ $found }` is not a colour: colours are the numbers 0 to 9
file-client-twice = client `{ $client }` is there already
file-own-main-client = the client is its own main client: leave it out
file-main-client-is-linked = client `{ $client }` has a main client itself, see { $place }: all of a group name the same one
file-deal-of-another = deal `{ $deal }` is client `{ $client }`'s, see { $place }
file-current-deal-closed = deal `{ $deal }` is closed (`{ $status }`, see { $place }) and cannot be the current one

## What is wrong with JSON or TOML

reader-ends-early = it ends too early
reader-value-expected = expected a value
reader-text-without-quotes = a value is missing, or a text has no quotes
reader-not-closed = a text or a list is not closed
reader-sign-expected = expected { $signs }
reader-trailing-comma = there is a comma after the last item
reader-more-follows = something follows its end
reader-line-end-expected = the line should end here
reader-key-not-text = a key must be text in double quotes
reader-key-twice = the key `{ $key }` is there twice
reader-control-character = a text has a control character in it, such as the end of a line: write `\n`
reader-escape = there is no such escape after `\`
reader-number = a number is written wrongly
reader-too-deep = it is nested too deeply
reader-time = not a time like `2026-11-22T07:00:00Z`
reader-time-form = a time like `2026-11-22T07:00:00Z`
reader-otherwise = { $error }

## The command `calc`

unit-interrupted = the block was interrupted before it had an outcome
not-an-event = not an event: { $error }
line-is-no-object = not a JSON object
in-column = { $problem } (column { $column })
outbox-has-to-wait = the outbox has to wait, the store will be asked again: { $error }
distribution-does-not-compile = the distribution of clients does not compile
store-has-to-wait = what waits in the store has to wait, it will be asked again: { $error }
inbox-problem = event { $number } of client { $client } in the inbox: { $problem }
scheduled-stays = a scheduled message to client { $client }: { $problem }; it stays and is tried again
request-stays = block that was asked for, client { $client }: { $problem }; it stays and is tried again
scheduled-problem = a scheduled message to client { $client }: { $problem }
client-not-distributed = client { $client } cannot be distributed: { $problem }
blocks-stay-in-use = { $problem }; the blocks as they were stay in use
file-and-line = { $name }, line { $line }
nothing-enqueued = nothing was put into the inbox
enqueued = { $count } { $count ->
        [one] event
       *[other] events
    } put into the inbox
settings-did-you-mean = { $problem } - did you mean `{ $meant }`?
settings-expected = expected { $known }, found `{ $found }`
settings-expected-command = expected a command: a text, or a list of texts
column-callback = callback
column-kind = kind
column-paused-until = paused until
column-message-ids = messages
column-operators = operators
test-takes-no-text = --text is not for tests: a test says what the client writes, with say('text')
test-takes-no-callback = --callback is not for tests: one event for all of them would be handled in the first run only
test-takes-no-event = --event is not for tests: a test says which run is an event, with event('id')
test-takes-no-dry-run = --dry-run is not for tests: they work on throw-away copies and keep nothing
fixture-or-database = give either --fixture or --db: tests begin with one project
line-too-long = longer than { $most } bytes
unstorable-event-id = the id of the event contains the character 0, which cannot be stored
long-event-id = the id of the event has { $count } characters; it may have at most { $most }
long-event-text = the text of the event has { $count } characters; it may have at most { $most }
no-such-client-in-project = there is no client `{ $client }` in project `{ $project }`
time-of-run-out-of-range = the time of the run is outside of the years 1 to 9999
hit-of-found = { $hit } of { $found }
column-script = script
column-lines = lines
column-branches = branches
column-lines-not-run = lines not run
column-branches-not-taken = branches not taken
calc-lang-unknown = CALC_LANG is `{ $name }`: the languages are { $known }
not-a-time-of-the-command = `{ $text }` is not a time: write '2026-11-22 10:00'
time-out-of-range = `{ $time }` is outside of the years 1 to 9999
not-a-duration = `{ $text }` is not a duration: write `3 days`, `2 hours` or `30 minutes`
no-such-codes = no diagnostic has a code that begins with `{ $code }`: `calc explain` lists all
watching = watching for changes; Ctrl-C ends
no-such-command = there is no command `{ $name }`: there are { $known }
file-problem = { $name }: { $problem }
problem-and-next = { $first }; { $next }
bad-options = { $error }
fixture-keeps-nothing = --fixture is a throw-away copy, in which nothing stays: name a database with --db
limit-without-value = the limit `{ $limit }` has no value: write --limit { $limit }=1000
limit-not-a-number = the limit `{ $name }` must be a whole number, found `{ $value }`
standard-input = standard input
standard-output = standard output
standard-error = standard error
no-such-folder = there is no such folder
no-such-file = there is no such file
is-a-folder = this is a folder
not-a-folder = this is not a folder
no-permission = permission denied
disk-full = the disk is full
byte-is-not-text = this byte is not text
byte-is-not-text-help = save the file as UTF-8
cannot-write = cannot write to { $stream }: { $error }
name-the-database = name the database with --db, such as --db sqlite://bot.db
name-the-client = name the client with --client ID
no-such-project = there is no project `{ $project }`
no-such-client = there is no client `{ $client }`
runs-on-demo = no --db given: this runs on a throw-away copy of the demo project
database-without-projects = the database holds no project: load one with `calc crm load FILE --db URL`
name-the-project = the database holds several projects: name one with --project ({ $ids })
more-not-shown = { $name }: { $count } more are not shown
did-not-compile = did not compile; nothing was run
client-blocked-nothing-run = the client is blocked; nothing was run
client-paused-nothing-run = the bot is paused for the client until { $until }; nothing was run
failed-rolled-back = failed; all changes were rolled back
dry-run-nothing-kept = dry run: nothing was kept
nothing-was-changed = nothing was changed
message-not-sent-because = message not sent, { $reason }:
message-of-the-block = message:
variable-without-value = { $name } has no value
count-errors = { $count } { $count ->
        [one] error
       *[other] errors
    }
count-warnings = { $count } { $count ->
        [one] warning
       *[other] warnings
    }
folder-without-scripts = { $name }: there is no .calc or .block file in this folder
cannot-write-file = { $name }: it cannot be written: { $error }
file-is-read-only = { $name }: it is read-only
not-a-database-address = `{ $url }` is not a database: write sqlite://FILE or postgres://USER@HOST/DATABASE
database-file-missing = the name of the database file is missing: write sqlite://FILE or postgres://USER@HOST/DATABASE
database-in-memory = a database in memory would be gone when the command ends: leave out --db to try something on the demo project, or name a file, such as sqlite://bot.db
unknown-database-parameter = `{ $parameter }` is not understood in the address of a database: there are mode=ro, mode=rw and mode=rwc
without-postgres = this `calc` was built without PostgreSQL (the feature `postgres`): use sqlite://FILE
two-standard-inputs = only one of the two can be standard input
no-such-project-in = there is no project `{ $project }` in { $name }
client-line = client { $id } { $name }
section-variables = variables
section-draft = draft of the next deal
section-notes = notes
section-visits = visits
section-scheduled = scheduled messages
section-outbox = outbox
section-history = history
section-assignments = assignments
section-deal-variables = variables of deals
section-deals = deals
section-tasks = tasks
no-deals = no deals
no-tasks = no tasks
message-delivered = delivered
message-waits = waits to be sent
list-is-empty = none
list-has-more = there are more than { $most }: --limit 0 shows all
filter-means-nothing = --{ $name } means nothing for this list: there are { $known }
no-such-status = there is no status `{ $status }`: there are { $known }
column-id = id
column-name = name
column-phone = phone
column-email = email
column-operator = operator
column-current-deal = current deal
column-last-message-at = last message
column-client = client
column-budget = budget
column-status = status
column-stage = stage
column-stage-name = name of the stage
column-created-at = created
column-due = due
column-done = done
column-pipeline = pipeline
column-number = number
column-written = written
column-block = block
column-text = text
column-do-not-cancel = do not cancel
column-event = event
column-at = at
column-author = by
column-note = note
column-first-at = first
column-last-at = last
column-value = value
column-deal = deal
column-task = task
column-description = description
column-state = state
column-platform-id = platform id
column-client-type = client type
column-tag = tag
column-unread = unread
column-queued = queued
column-queued-until = queued until
column-blocked = blocked
column-unsubscribed = unsubscribed
column-main-client = main client
column-position = position
column-avatar = avatar
column-messenger = messenger
column-group = group
column-of-name = { $name }
word-yes = yes
word-no = no
load-one-after-another = --project names one project: load the files one after another
project-is-there = { $name }: the database has a project { $id } already ({ $size }): --replace loads the file in its place
project-loaded = { $name }: project { $id } loaded ({ $size })
project-replaced = { $name }: project { $id } replaced: { $went } went, { $came } came
project-size = "{ $name }" with { $clients }, { $deals }, { $tasks }
loading-bar = loading {"{"}wide_bar{"}"} {"{"}human_pos{"}"}/{"{"}human_len{"}"}, {"{"}eta{"}"} left
count-clients = { $count } { $count ->
        [one] client
       *[other] clients
    }
count-deals = { $count } { $count ->
        [one] deal
       *[other] deals
    }
count-tasks = { $count } { $count ->
        [one] task
       *[other] tasks
    }
prune-what = say what is to go: --events DAYS, --messages DAYS, --visits DAYS
pruned = removed: { $events } outcomes of events, { $messages } messages, { $visits } visits
fixed-line = { $name }:{ $line }: fixed { $code } { $message }
file-rewritten = { $name }: rewritten
formatted-means-something-else = the result would mean something else; please report this as a bug of calc
left-as-it-is = { $name }: left as it is: { $reason }
event-was-handled-at = event { $event } was handled before on { $at }; nothing ran
event-was-handled = event { $event } was handled before; nothing ran
trace-reads = reads { $values }
trace-result = result { $value }
repl-help-help = this list
repl-help-doc = the documentation of a function; without a name, all of them
repl-help-explain = what a diagnostic means
repl-help-vars = the variables of the client, and what this session defined
repl-help-client = the client, or continue with another one
repl-help-deal = the current deal
repl-help-tasks = the tasks about the client
repl-help-history = the dialogue with the client
repl-help-say = the client writes a message
repl-help-message = end the block: fill in the message and put it into the outbox
repl-help-run = run a script
repl-help-block = run a block and show its message
repl-help-effects = what was changed since the last commit
repl-help-undo = take back the last input that changed something
repl-help-commit = keep everything done so far
repl-help-at = go to a time, such as 2026-11-22 10:00; what is due up to then is delivered
repl-help-wait = let time pass, such as 3 days, likewise
repl-help-quit = leave; what was not committed is not kept
repl-help-rest = Anything else is run as a script; an empty line ends an indented block.
nothing-since-commit = nothing was changed since the last commit
outside-the-calendar = `{ $text }` from now is outside of the calendar
it-is-now = it is { $time }
no-variables = no variables
not-a-client-id = `{ $text }` is not the id of a client: write :client 102
word-unsubscribed = unsubscribed
word-blocked = blocked
word-done = done
repl-no-current-deal = no current deal
deal-line = deal { $id } "{ $name }", budget { $budget }, { $status }, { $stage }
task-line = task { $id } "{ $name }", due { $due }
not-sent-because = not sent: { $reason }
no-messages-yet = no messages yet
nothing-to-undo = nothing to undo since the last commit
undone = undone: { $input }
dry-run-no-commit = dry run: nothing is committed
committed = committed
committed-changes = committed: { $count } { $count ->
        [one] change
       *[other] changes
    }
repl-unknown-command-meant = there is no command `:{ $name }`: did you mean `:{ $meant }`?
repl-unknown-command = there is no command `:{ $name }`: `:help` lists all
repl-argument-missing = something is missing: write `{ $example }`
repl-example-say = :say I want mugs
repl-example-message = :message Your order number is #{"{"}get_order_id(){"}"}
stage-line = stage { $id }
no-ctrl-c = Ctrl-C cannot be taken over: { $error }
repl-takes-no-event = an event is handled by `calc run`: the REPL takes no --event
repl-welcome = type a line of script, or :help; Ctrl-D ends
not-committed-is-gone = what was not committed is gone
terminal-cannot-be-used = the terminal cannot be used: { $error }
no-tests-found = no test files found: their names end in `{ $suffix }`
test-does-not-compile = { $name }: does not compile
test-ok = ok
test-failed = FAIL
test-printed = printed:
test-count = { $passed } passed, { $failed } failed
test-diff = - expected, + found
test-expected = expected:
test-found = found:
test-has-errors = the test does not compile
test-run-failed-with = { $name } failed: { $code } { $message }
test-run-failed = { $name } failed
test-found-expected = found { $found }, expected { $sign } { $expected }
test-expected-true = expected to be true, found { $found }
number-of-problem = { $number }
test-blessed = { $name }: { $count } expected { $count ->
        [one] message
       *[other] messages
    } replaced
scheduled-block-has-errors = a scheduled block does not compile
folder-without-blocks = { $name }: there is no block in this folder; blocks are files such as 7.block or 7-welcome.block
block-in-two-files = block { $block } is in two files, { $one } and { $other }: remove one
block-keeps-good-version = { $name } does not compile: its last good version stays in use
block-refused = { $name } does not compile: its events are refused
not-json = not JSON: { $error }
neither-event-nor-confirmation = neither an event nor a confirmation: { $error }
empty-event-id = the id of the event is empty: give one, or none at all
text-or-callback = an event has either a text or a callback
metrics-address = --metrics { $address }: { $error }; write an address such as 127.0.0.1:9000
no-worker-threads = no thread for the workers: { $error }
no-signals = no signals can be received: { $error }
worker-line-problem = line { $line }: { $problem }
event-must-name-project = the database holds several projects: the event has to name one
no-block-to-run = there is no block { $block } that can be run
confirmation-must-name-project = the database holds several projects: a confirmation has to name one
confirmation-not-awaited = what was confirmed was not waiting for it

## Usage of the command

usage-heading = Usage:
usage-error = error:
usage-tip = tip: { $tip }
usage-more = For more information, try `--help`.
usage-unknown-argument = there is no argument `{ $name }`
usage-argument-too-many = `{ $name }` is one argument too many
usage-unknown-command = there is no command `{ $name }`
usage-value-missing = `{ $name }` needs a value
usage-invalid-value = invalid value `{ $value }` for `{ $name }`
usage-invalid-value-because = invalid value `{ $value }` for `{ $name }`: { $reason }
usage-possible-values = possible values: { $values }
usage-arguments-missing = { $count ->
        [one] a required argument is missing
       *[other] required arguments are missing
    }: { $names }
usage-command-missing = a command is missing
usage-argument-alone = `{ $name }` cannot be used with the others
usage-argument-twice = `{ $name }` cannot be given twice
usage-conflict = `{ $name }` cannot be used with { $others }
usage-value-unexpected = unexpected value `{ $value }` for `{ $name }`
usage-equals-missing = `{ $name }` needs a `=` before its value
usage-not-utf8 = an argument is not UTF-8
usage-not-a-number = not a whole number
usage-number-too-large = the number is too large
usage-number-from = a number from { $from } on is expected
usage-number-between = a number from { $from } to { $to } is expected
usage-languages = the languages are { $known }
usage-similar-argument = there is `{ $name }`
usage-similar-command = there is the command `{ $name }`
usage-similar-value = there is the value `{ $value }`
usage-as-value = to pass `{ $word }` as a value, write `{ $instead }`
usage-exists = there is `{ $command }`
help-commands = Commands
help-arguments = Arguments
help-options = Options
help-options-word = OPTIONS
help-command-word = COMMAND
help-values = Possible values:
help-default = default: { $values }
help-environment = env: { $name }={ $value }

## The editor server

editor-protocol = the editor does not speak the protocol: { $error }
editor-shutting-down = the server is shutting down
editor-canceled = the request was canceled
editor-not-served = the server does not know `{ $method }`
editor-parameters = the parameters of the request cannot be read: { $error }
editor-command = there is no command `{ $name }`
editor-settings = the settings under `calc.`: { $problem }
editor-dialect = the dialect is `{ $name }`: the dialects are { $known }
editor-language = the language is `{ $name }`: the languages are { $known }
file-not-open = the file is not open
nothing-to-rename = there is no name here that can be changed
not-a-name = `{ $name }` cannot be a name
variable-name-of-language = `{ $name }` is a built-in variable
name-is-taken = there is already a `{ $name }`: the two would become one
only-files-have-tests = only a file has tests: save the text first
test-file-does-not-compile = the test file does not compile
no-such-test = there is no test with this name
test-of-name-passed = ok: { $name }
test-of-name-failed = FAIL: { $name }: { $problem }
tests-of-names-failed = { $passed } passed, { $failed } failed: { $names }
action-remove = Remove it
action-write = Write `{ $text }`
action-fix-all = Fix everything that is certain
lens-run-test = Run test
hover-local = `{ $name }`: a local name of this function or comprehension
hover-never-set = `{ $name }`: a variable that no file of this folder sets
hover-set-in = `{ $name }`: a variable, set in
hover-fixture = In the fixture: { $about }
variable-of-project = of the project: { $value }
variable-of-client = of client { $id }: { $value }
variable-of-deal = of deal { $id }: { $value }
visited-block = a block that clients have visited
of-that-name = { $name }
function-of-file = a function of this file

## Databases

database-failed = { $what }: { $problem } ({ $detail })
database-of-name = the database `{ $name }`
database-busy = somebody else is writing to the database
database-damaged = the file is not a database, or is damaged
database-inaccessible = the file cannot be opened, read or written
database-refused = the database refused a statement
database-log-unreadable = the database `{ $name }` has changes in its log that cannot be read where nothing may be written: copy the file and its `-wal` to another folder
database-of-another-program = the database `{ $name }` belongs to another program: it has tables, but none of `calc`
database-missing = there is no database `{ $name }`
database-without-tables = the database `{ $name }` holds no project: `calc crm init` makes its tables
database-file-unusable = the database file `{ $name }` cannot be used: { $problem }
database-file-gone = it no longer exists
database-file-replaced = it was deleted or replaced while it was open
database-log-replaced = it was deleted or replaced while the database was open
database-flush-failed = nothing more is written to the database `{ $name }`: its log could not be brought to the disk ({ $problem }), and nobody knows what of it is there; see to the disk, then start this program again and send again what it has not acknowledged
opening-database = opening
looking-for-tables = looking for tables
preparing-tables = preparing the tables
another-process-holds = another process has held the database for { $time }: try again
another-unit-holds = another unit of work has held the database for { $time }: try again
count-of-seconds = { $seconds } s
shared-commit-lost = a unit of work that shared the commit ended it; nothing was kept
connection-gone = the connection no longer exists
schema-older = the database has schema version { $found }, this program needs { $needed }: `calc crm init` upgrades it
schema-newer = the database has schema version { $found }, this program knows { $known }: a newer `calc` is needed
server-unusable = the PostgreSQL server { $server } cannot be used: { $problem }
server-no-answer = no answer within { $seconds } s
server-closed = the connection is closed
server-encryption = encryption failed: { $error }
server-certificate = sslrootcert { $file }: { $error }
server-no-certificate = { $place } holds no certificate to trust: name a file with sslrootcert=FILE
system-certificates = the system's certificate store
server-without-tables = the database has no tables of this program: `calc crm init` makes them
server-conflict = somebody else has changed the same rows in the meantime
server-busy = somebody else was writing to the same rows for too long
server-lost-in-commit = the connection to the server was lost during the commit, so it is not known whether the changes were kept
server-lost = the connection to the server was lost
server-damaged = the server reports damaged data
server-refused = the server refused a statement
no-free-connection = no connection to the PostgreSQL server { $server } was free: { $error }
server-address = the address of the PostgreSQL server is wrong: { $problem }; write postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full
server-seconds = { $setting } is not a time in seconds between 0 and 86400
server-pool = { $setting } is not a number of connections between 1 and 1000
server-pgbouncer = { $setting } is neither `true` nor `false`
server-sslmode = { $setting } is not one of disable, prefer, require, verify-ca and verify-full
read-has-changed = { $statement }: what was read has changed since
others-keep-changing = others have changed what the block had read, { $times } times in a row: try again
project-gone = project { $project } no longer exists
project-loaded-again = project { $id } was loaded again
client-gone = client { $id } is no longer in the database
operator-gone = operator { $id } is no longer in the database
current-deal-gone = the current deal { $id } is no longer in the database
session-not-opened = the session was not opened

## What is stored and makes no sense

row-too-short = a row has fewer columns than were asked for
column-unexpected = a column holds { $found } instead of { $expected }
stored-not-a-time = `{ $number }` is not a time
stored-text-not-utf8 = { $statement }: a text is not UTF-8
stored-neither-text-nor-number = { $statement }: a column holds neither text nor a whole number
stored-zone-unknown = project { $id } has the unknown time zone `{ $zone }`
stored-locale-unknown = `{ $found }` is not a locale
stored-operator-status-unknown = `{ $found }` is not a status of an operator
stored-deal-status-unknown = `{ $found }` is not a status of a deal
stored-direction-unknown = `{ $found }` is not a direction of a message
stored-request-unknown = `{ $found }` is not a request to the host
stored-budget-unknown = `{ $found }` is not a budget
stored-date-unknown = `{ $found }` is not a date
stored-record-not-cells = a stored record is not columns with values
stored-variable-not-json = a stored variable is not JSON: { $error }
stored-outcome-unreadable = the stored outcome of an event cannot be read: { $error }
variable-not-json = a variable cannot be written as JSON: { $error }
outcome-unwritable = the outcome cannot be written: { $error }
no-id-left = the project's id counter returned no id
variables-of-lost-deal = variables belong to deal { $id }, which does not exist
rows-of-lost-table = rows belong to table { $id }, which does not exist
rows-of-lost-client = rows belong to client { $id }, which does not exist
clients-of-lost-list = there are clients in list { $id }, which does not exist
clients-of-lost-label = there are clients with label { $id }, which does not exist

## Errors of a run

called-from-here = called from here
inside-function = in `{ $name }`: { $problem }
variable-has-no-value = `{ $name }` has no value
operand-has-no-value = this has no value to calculate with
variable-of-the-deal-before-help = `{ $name }` was set for the deal that was current before: hand it over with `transfer_vars=['{ $name }']`, set it after the new deal is created, or call it `_{ $name }`
item-in-unset-variable = `{ $name }` has no value yet, so it has no items
item-in-unset-variable-help = write `{ $name } = {"{}"}` for a dict or `{ $name } = []` for a list before this line
local-unset = `{ $name }` is read before it is set in this function
local-unset-help = `{ $name }` is set in this function, which makes it local: set it before this line, or pass it as a parameter
bad-argument = `{ $parameter }`: { $problem }
signature-help = write it like this: `{ $signature }`
refused-argument = `{ $function }` refused `{ $parameter }`: { $problem }
stopped = the run was stopped
crm-call-limit = the script calls CRM functions more than { $limit } times
crm-call-limit-help = do less in one block, or ask for lists instead of single values
depth-limit = functions call each other more than { $limit } levels deep
depth-limit-help = a function that calls itself needs an `if` that ends it

## Checks of a whole bot

misspelt-variable = nothing sets `{ $name }`, and nothing reads `{ $meant }`
never-read = nothing reads `{ $name }`, which ends with the function
never-read-help = a function changes no variable of the bot: return the value, or remove the line
unreachable = this line never runs
unreachable-help = remove it, or move it before the line that leaves
return-ends-function = `return` ends the function
break-ends-loop = `break` ends the loop
continue-begins-iteration = `continue` begins the next iteration
loop-never-ends = the loop has no `break`
every-branch-leaves = every branch leaves
always-true-operand = this is always true, and so is the whole `{ $op }`
always-false-operand = this is always false, and so is the whole `{ $op }`
compare-each-help = compare each value: `{ $name } == ...`, or write `{ $name } in [...]`
constant-operand-help = compare it with something, or remove it
always-true-condition = this condition is always true
always-false-condition = this condition is always false
constant-condition-help = a condition asks about a variable: `if x == 5:`
repeated-condition = the same condition stands above, so this branch never runs
first-condition = it stands here first
repeated-condition-help = change one of the two, or remove this branch
same-sides-true = both sides are the same, so this is always true
same-sides-false = both sides are the same, so this is never true
same-sides-help = compare with another variable or a value
never-true = this is never true: { $reason }
always-true = this is always true: { $reason }
folded-case = `{ $function }` returns such a text as `{ $text }`
write-text-help = write `'{ $text }'`
flag-and-text = `{ $function }` returns True or False, and `'{ $text }'` is text
flag-and-text-help = write `if { $function }(...)` or `if not { $function }(...)`
number-and-text = `{ $function }` returns a number, and `'{ $text }'` is text
number-and-text-help = compare with a number
contradiction = `{ $name }` cannot be both, so this is never true
other-comparison = the other comparison
contradiction-help = write `or` if one of the two is enough
item-of-unchecked-result = `{ $function }` may return { $failure }, and then there is no such item
item-of-unchecked-result-help = keep the result in a variable, and look whether it is empty before you take an item of it
failure-false = `False`
failure-none = `None`
failure-zero = 0
failure-empty-list = an empty list
unchecked-deal = when `{ $inner }` finds nothing, `{ $function }` works on the current deal instead
unchecked-deal-help = keep the result in a variable, and call the function only `if` it has a value
no-stage = the project has no stage with the id { $id }
known-stages = its stages are { $stages }
no-operator = the project has no operator with the email `{ $email }`
known-operators = its operators are { $operators }
no-block = the bot has no block with the id { $id }
known-blocks = its blocks are { $blocks }

# Functions of the platform that need a host.
needs-host = `{ $name }` needs a host
needs-host-help = it belongs to the platform ({ $group }), and the program that runs the script has to provide it; to try the script here use `--absent none`, or write a function of that name yourself
needs-host-here = `{ $name }` needs a host: here it does nothing and returns None
needs-host-here-help = it belongs to the platform ({ $group }) and acts only where the program that runs the script provides it
absent-function = `{ $name }` needs a host: it did nothing and returned None
absent-function-help = it belongs to the platform ({ $group }) and acts only where the program that runs the script provides it

# Groups of functions of the platform.
platform-advertising-cabinets = advertising cabinets
platform-ai = AI
platform-analytics = analytics
platform-clients-and-dialogue = clients and dialogue
platform-courses = courses
platform-e-mail-sms = e-mail/SMS
platform-gamification = gamification
platform-google-docs = Google Docs
platform-google-sheets-legacy = Google Sheets (legacy)
platform-http-and-code = HTTP and code
platform-klientiks-booking = Klientiks booking
platform-links = links
platform-marketplaces = marketplaces
platform-messages-and-callbacks = messages and callbacks
platform-moysklad = MoySklad
platform-online-booking = online booking
platform-online-shop = online shop
platform-payments = payments
platform-pictures-and-codes = pictures and codes
platform-telephony = telephony
platform-web-chat = web chat
platform-webinars = webinars

# Text that is nearly something else.
nearly-a-number = `{ $text }` is text here, not a number
nearly-comma = write a point in a number: `replace(x, ',', '.')`
nearly-groups = remove the spaces: `replace(x, ' ', '')`
nearly-unit = take the number out of it: `findall('[0-9]+', x, 0)`
nearly-other-digits = write it as `{ $number }`
nearly-a-date = `{ $text }` is text here, not a date
nearly-date-help = write `{ $date }`, with four digits of the year; `convert_datetime(x, '%d.%m.%y', '%d.%m.%Y')` makes a date of another form
no-such-day = `{ $text }` is text here: there is no such day
no-such-day-help = check the day and the month
json-text = this is the text of a list or a dict, and here its characters are meant
json-text-help = `json(x)` makes a list or a dict of it

## Values in sentences

value-none = no value
value-flag = the yes/no value `{ $value }`
value-number = the number `{ $value }`
value-text = the text `{ $value }`
value-list = the list `{ $value }`
value-dict = the dict `{ $value }`
value-long-list = a list of { $count } items
value-long-dict = a dict of { $count } entries

## Calculating with values

division-by-zero = division by zero
division-by-zero-help = check the divisor first: `if(x == 0, 0, 100 / x)`
result-not-finite = the result of `{ $operator }` is not a number, or too large for one
operand-not-a-number = `{ $operator }` needs a number, found { $found }
operand-missing = `{ $operator }` needs a number, but there is no value here
operand-missing-help = give the variable a value first, or use `get(...)` or `if(...)` to choose another one
operands-do-not-fit = `{ $operator }` does not work on { $left } and { $right }
text-in-calculation-help = only text that is a number can be calculated with
repeat-part-of-a-time = text and lists are repeated a whole number of times, not `{ $times }` times
add-two-times = two times cannot be added: `{ $left }` + `{ $right }`
add-two-times-help = add a number of minutes to a time: `'15:00' + 90`
add-part-of-a-minute = `{ $number }` minutes cannot be added to `{ $time }`: the number must be whole
add-part-of-a-day = `{ $number }` days cannot be added to `{ $date }`: the number must be whole
round-first-help = round it first: `round(x)`
date-out-of-range = `{ $date }` and { $days } days lead outside the years 1 to 9999
date-time-arithmetic = `{ $moment }` is a date with a time: `+` and `-` cannot tell days from minutes
date-time-arithmetic-help = use `addDays(...)` on the date part or `addMinutes(...)` on the time part
date-comes-first = a number is added to a date: `{ $date }` must come first
time-comes-first = a number is added to a time: `{ $time }` must come first
moment-comes-first-help = write `'{ $moment }' + n`
subtract-mixed-moments = `{ $left }` and `{ $right }` do not go together: subtract a date from a date, or a time from a time
multiply-moment = `{ $moment }` is a date or a time and cannot be multiplied

## Arguments of functions

kind-any = any value
kind-flag = True or False
kind-whole = a whole number
kind-number = a number
kind-text = text
kind-list = a list
kind-dict = a dict
kind-items = a list or a dict
kind-sequence = a list, a dict or text
kind-date = a date dd.mm.yyyy
kind-time = a time HH:MM
kind-client-id = the id of a client
kind-deal-id = the id of a deal
kind-id = an id
kind-ids = an id or a list of ids
argument-missing = expected { $expected }, but there is no value here
argument-expected = expected { $expected }, found { $found }
order-id-holds-two-help = the variable `order_id` holds client and deal together: use `get_order_id()` for the id of the deal
text-form-too-long = the text of this value is longer than { $limit } MiB

## Limits of a run

memory-limit = the values of this script need more than { $limit }
memory-limit-help = keep less in variables; texts and lists that double in a loop grow very fast
size-mebibytes = { $count } MiB
size-bytes = { $count } bytes
time-limit = the script ran longer than { $seconds } seconds
time-limit-help = look for a loop that never ends or does too much
output-limit = the script prints more than { $limit } bytes
output-limit-help = print less, or print in fewer turns of the loop
step-limit = the script needs more than { $limit } steps
step-limit-help = look for a loop that never ends: what makes its condition false?
too-much-text = there is too much unquoted text with quotes in it above this line
too-much-text-help = put the texts into quotes
value-too-deep = lists and dicts are nested more than { $limit } levels deep
value-too-deep-help = a list that is put into itself again and again grows in depth: add its items with `+` instead
call-without-value = the call returned no value
run-ended-early = the run ended early
no-crm = there is no CRM here, only values
no-crm-help = run the script with `calc run`, or give the engine a store

## Items of lists, dicts and texts

did-you-mean = did you mean `{ $name }`?
did-you-mean-of-platform = did you mean `{ $name }`? It needs a host
position-not-whole = a position in { $container ->
        [text] a text
       *[list] a list
     } must be a whole number, found { $found }
position-not-whole-help = positions count from 0; to find where a value is, use `index(list, value)`
position-in-nothing = position { $position } is outside { $container ->
        [text] the text
       *[list] the list
     }, which is empty
position-of-one = position { $position } is outside { $container ->
        [text] the text
       *[list] the list
     }, which has only position 0
position-out-of-range = position { $position } is outside { $container ->
        [text] the text
       *[list] the list
     }, which has positions 0 to { $last }
position-out-of-range-help = check with `len(...)` first, or use `get(x, i, default)`
position-past-the-end = position { $position } is past the end of the list, which has { $length ->
        [one] { $length } item
       *[other] { $length } items
     }
position-past-the-end-help = a new item is added at the length: `x[len(x)] = ...`, or with `append(x, ...)`
item-of-no-value = there is no value here to take an item of
item-of-no-value-help = give the variable a list or a dict first
value-without-items = { $found } has no items
value-without-items-help = `x[i]` takes an item of a list or dict, or a character of a text
missing-key = the dict has no key `{ $key }`
missing-key-help = check with `exist_key(d, k)` first, or use `get(d, k, default)`
bad-key = the key of a dict must be text or a number, found { $found }
bad-key-help = use a text or a number as the key
slice-of-no-value = there is no value here to take a part of
slice-of-no-value-help = give the variable a list or a text first
value-without-parts = { $found } has no parts
value-without-parts-help = `x[a:b]` takes a part of a list or of a text
slice-bound-not-whole = the bounds of a slice must be whole numbers, found { $found }
slice-bound-not-whole-help = write `x[1:3]`, or leave a bound out
item-of-text-set = a text cannot be changed in part
item-of-text-set-help = make a new text, with `replace(...)` for example; if it is the text of a list, `x = json(x)` makes a list of it
item-of-nothing-set = this item cannot be set: its list or dict does not exist yet
item-of-nothing-set-help = put `{"{}"}` or `[]` there first
value-without-settable-items = { $found } has no items that could be set
value-without-settable-items-help = `x[i] = ...` sets an item of a list or dict
loop-over-no-value = there is no value here to iterate over
loop-over-no-value-help = give the variable a list first
not-iterable = cannot iterate over { $found }
not-iterable-help = a loop iterates over a list, a dict or a text; to count, use `range(n)`
bad-pair = a loop with two names needs a dict or pairs, found { $found }
bad-pair-help = write `for k, v in items(d)` or `for i, x in enumerate(list)`
range-step-zero = the step of a range cannot be 0

## General functions

choice-from-empty-list = there is nothing to choose from: the list is empty
nothing-to-choose-from = there is no value to choose from
nothing-to-choose-from-help = give at least one value, or a list that is not empty
name-prefix-expected = expected the beginning of a variable's name, found { $found }
name-prefix-expected-help = a name begins with a letter or `_` and continues with letters, digits and `_`
column-from-one = columns count from 1, found `{ $found }`
no-such-column = there is no column `{ $count }` columns from `{ $column }`
column-letters-expected = expected the Latin letters of a spreadsheet column, found { $found }
degrees-expected = expected degrees from -{ $limit } to { $limit }, found `{ $found }`
at-least-one-button = a line needs at least 1 button, found `{ $found }`
zero-or-one-expected = expected 0 or 1, found `{ $found }`
item-neither-text-nor-dict = item { $position } is neither text nor a dict, but { $found }
item-without-key = item { $position } of the list has no key `{ $key }`
key-of-dicts-missing = for a list of dicts, name the key whose value is shown
pairs-expected = expected pairs of a key and a value, found { $found }
pair-expected = expected a pair of a key and a value, found { $found }
item-not-a-number = item { $position } is not a number, but { $found }
separator-empty = the separator is an empty text
separator-empty-help = for the characters of a text write `[c for c in s]`
at-least-one-part = expected at least 1 part, found `{ $found }`
pattern-too-long = a pattern has at most { $limit } bytes, this one has { $length }
pattern-too-large = it takes too much memory
pattern-bracket-open = a `(` is not closed
pattern-bracket-extra = a `)` closes nothing
pattern-repeats-nothing = `*`, `+`, `?` or `{"{"}…{"}"}` has nothing before it that can be repeated
pattern-too-deep = it is nested too deeply
pattern-ends-in-backslash = nothing follows the last backslash
pattern-escape = there is no escape `{ $escape }`
pattern-hex = `\x…` or `\u…` does not name a character
pattern-class = a character class `[…]` is not closed, or its range is the wrong way round
pattern-flag = there is no flag `{ $flag }`
pattern-flag-here = this flag cannot be set here
pattern-backreference = it refers to a group that does not exist
pattern-group-name = the name of a group is wrong
pattern-recursion = it refers to itself without end
pattern-otherwise = { $error }
pattern-search-broke-off = the search broke off
pattern-fails = this pattern cannot be searched for: { $reason }
not-a-pattern = `{ $pattern }` is not a valid pattern: { $reason }
not-a-pattern-help = put a `\` before a character that has a meaning in patterns, such as `(`, `[`, `*` or `+`, to search for the character itself
pattern-limit = the pattern took longer than { $limit } ms
pattern-limit-help = repetitions inside repetitions, such as `(a+)+`, take very long when nothing matches: write the pattern with fewer of them
flat-list-help = keep values in one list instead of lists inside lists
numbers-too-large = the numbers from `{ $start }` on are too large
json-too-deep = this JSON has more than { $limit } levels
json-line-and-column = line { $line }, column { $column }
json-character = character { $character }
json-expected = expected JSON text, found { $found }, with an error at { $place }
interval-mixed = `{ $from }` and `{ $to }` do not go together: expected two times, or two dates with times
interval-end-expected = expected a time `HH:MM`, or a date and a time `dd.mm.yyyy HH:MM`, found { $found }
calendar-ends = the calendar ends before that day
number-from-one-expected = expected a number from 1 to { $most }, found `{ $found }`
bad-format-help = for example `%d.%m.%Y %H:%M` is `03.11.2011 09:30`; write `%%` for a percent sign
date-out-of-range-by = `{ $date }` and { $count } { $unit ->
        [months] months
        [years] years
        [weeks] weeks
       *[days] days
     } lead outside the years 1 to 9999
exponent-too-large = `{ $found }` is too large: the result has more than 300 digits
logarithm-base-one = there is no logarithm to the base 1
negative-power-of-zero = 0 has no negative powers, found `{ $found }`
power-not-finite = `{ $base }` to the power of `{ $exponent }` is not a number, or too large for one
high-below-low = `{ $high }` is below the smallest number `{ $low }`
result-too-large = the result is too large
number-above-zero = a number above 0
number-within-one = a number from -1 to 1
factorial-of-negative = only whole numbers from 0 have a factorial, found `{ $found }`
factorial-too-large = the factorial of `{ $found }` is too large: the largest is `fac(170)`
hmac-key-unusable = the key cannot be used
base64-expected = expected text in base64, found { $found }
algorithm-expected = expected `sha256`, `sha512`, `sha1` or `md5`, found { $found }
encoded-not-text = expected encoded text, but { $found } encodes something else
variable-name-expected = expected the name of a variable, found { $found }
bad-directive = `{ $directive }` has no meaning in a format of dates and times
number-from-zero = a number from 0

## Refusals of CRM functions

unknown-deal = there is no deal `{ $id }` in this project
unknown-deal-help = `get_order_id()` returns the id of the current deal
unknown-client = there is no client `{ $id }` in this project
unknown-stage = there is no stage `{ $id }` in this project
stages-of-project = the stages of this project: { $list }
stages-of-project-first = the first of the { $count } stages of this project: { $list }
tables-of-project = the tables of this project: { $list }
tables-of-project-first = some of the tables of this project: { $list }
operators-of-project = the operators of this project: { $list }
operators-of-project-first = some of the operators of this project: { $list }
unknown-table = there is no table `{ $id }` in this project
unknown-column = table `{ $table }` has no column `{ $column }`
columns-backwards = the last column stands before the first one
row-number-refused = { $number } is no row, nor a number of rows
too-many-records = { $count } records are too many at once: { $limit } are returned at the most
not-a-cell = a cell such as `B12` is expected, found { $found }
too-many-cells = at most { $limit } cells are read at once
not-an-algorithm = `F`, `K`, `R` or a number from 1 to 100 is expected, found { $found }
nothing-wanted = nothing is wanted: name a column and what is to be in it
no-record-fits = no record fits
unknown-record = there is no record `{ $record }` in table `{ $table }`
no-such-columns = the table has no { $count ->
    [one] column { $columns }, which is passed over
   *[other] columns { $columns }, which are passed over
}
unknown-task = there is no task `{ $id }` in this project
lists-of-project = the lists of this project: { $list }
lists-of-project-first = some of the lists of this project: { $list }
labels-of-project = the labels of this project: { $list }
labels-of-project-first = some of the labels of this project: { $list }
unknown-list = there is no list `{ $id }` in this project
unknown-list-name = there is no list called `{ $name }` in this project
unknown-label = there is no label `{ $id }` in this project
unknown-label-name = there is no label called `{ $name }` in this project
label-name-taken = there is a label called `{ $name }` already
list-not-empty = there are clients in list `{ $id }`
label-not-empty = there are clients with label `{ $id }`
not-empty-help = with `True` as the second argument it goes all the same
label-ids-expected = a list of ids of labels is expected, found { $found }
label-names-expected = a list of names of labels is expected, found { $found }
not-a-color = `{ $found }` is not a colour of a label: colours are 0 to 9
unknown-operator = there is no operator `{ $email }` in this project
unknown-deal-or-client = there is neither a deal nor a client `{ $id }` in this project
deal-of-another-client = deal `{ $deal }` is not a deal of client `{ $client }`
scheduled-without-content = a scheduled message needs a block or a text
timeout-expected = expected seconds, or a date and a time such as `24.12.2026 18:30`, found { $found }
nothing-to-send = there is no text to send
callback-empty = a callback needs a text
callback-to-oneself = a callback goes to another client, and this is the client of the block itself
unknown-account = the messenger knows no client of the project by `{ $id }`
unknown-priority = `{ $found }` is not a priority: 0 is neutral, 1 success, 2 a warning, 3 an error
no-pause = a pause cannot be { $found } minutes long
unknown-block = the project has no block `{ $id }` with a name
unknown-field = `{ $name }` is nothing that is known of operators: there are `description`, `email`, `phone`, `position` and `custom_field1` to `custom_field3`
client-not-linked = client `{ $id }` is linked to no other client
client-linked-to-itself = client `{ $id }` cannot be linked to itself
too-many-scheduled = client `{ $client }` already has { $count } scheduled messages, the most there can be
comment-empty = the comment is empty
name-empty = the name is empty
message-count-negative = a number of messages cannot be negative, found `{ $found }`
not-a-phone = `{ $phone }` is not a phone number: it has no digits
not-a-date = `{ $found }` is not a valid date: write it as `dd.mm.yyyy`
not-a-time = `{ $found }` is not a valid time: write it as `HH:MM`
budget-not-a-number = the budget must be a number, found { $found }
budget-not-a-number-help = text is fine when it is a number: `'3490'`, not `'3490 rub'`
text-has-character-zero = the text contains the character 0, which cannot be stored
column-is-id = `ID` is no column: it stands for the id of a record
column-name-empty = the name of a column is empty
column-name-unstorable = this cannot be the name of a column: { $problem }
too-many-columns = a table of { $count } columns is too wide: at most { $limit } are kept
cell-too-deep = the value for the column `{ $column }` is nested more than { $limit } levels deep
record-too-long = written out, the record has { $length } characters, at most { $limit } are stored
text-too-long = the text has { $length } characters, at most { $most } are stored
message-too-long-help = send less, or several messages
underscore-name-not-stored = a variable whose name begins with `_` is never stored: `{ $name }`

## Limits on stored variables

variable-name-unstorable = the name of the variable `{ $name }` contains the character 0, which cannot be stored
variable-name-too-long = the name of the variable `{ $name }` has { $length } characters, at most { $limit } are stored
variable-too-long = the value of `{ $name }` has { $length } characters as text, at most { $limit } are stored
variable-too-deep = the value of `{ $name }` is nested more than { $limit } levels deep
too-many-variables = { $owner } would have { $count } variables with `{ $name }`, at most { $limit } are stored
variables-of-client = client { $id }
variables-of-deal = deal { $id }
variable-limit-help = delete what is no longer needed with `del x`, or keep less in one variable

## What a run did to the CRM

deal-created = deal { $id } created  { $name }, budget { $budget }, { $place }
deal-renamed = deal { $id } renamed  { $new } (was { $old })
deal-budget-set = deal { $id } budget set  { $new } (was { $old })
deal-described = deal { $id } described  { $new }
deal-variable-set = deal { $id } variable set  { $name } = { $value }
deal-variable-deleted = deal { $id } variable deleted  { $name }
deal-moved = deal { $id } moved  { $place } (was { $old })
deal-status-set = deal { $id } status set  { $new } (was { $old })
deal-deleted = deal { $id } deleted  { $name }
deal-assigned = deal { $id } assigned  { $operator }
deal-reassigned = deal { $id } assigned  { $operator } (was { $old })
deal-active = active
deal-success = success
deal-fail = fail
deal-archive = archive
unprocessed = unprocessed
current-deal-set = deal { $id } is current now  client { $client }
no-current-deal = client { $client } has no current deal now
client-created = client { $id } created  { $client }
client-renamed = client { $id } renamed  { $new } (was { $old })
client-variable-set = client { $id } variable set  { $name } = { $value }
client-variable-deleted = client { $id } variable deleted  { $name }
client-assigned = client { $client } assigned  { $operator }
client-reassigned = client { $client } assigned  { $operator } (was { $old })
operator-removed = client { $client } freed  was { $operator }
client-queued = client { $client } queued  until { $until } UTC
client-queued-forever = client { $client } queued  no working day in sight
note-added = client { $client } note added  { $text }
unread-set = client { $client } unread set  { $new } (was { $old })
unsubscribed = client { $client } unsubscribed
resubscribed = client { $client } subscribed again
client-blocked = client { $client } blocked
client-unblocked = client { $client } unblocked
scheduled-deleted = client { $client } scheduled messages dropped  { $count }
message-scheduled = client { $client } message scheduled  { $content }, due { $due } UTC
bot-paused = client { $client } bot paused until { $until } UTC
bot-resumed = client { $client } bot not paused any more
client-linked = client { $client } linked to { $main }
client-unlinked = client { $client } has no main client any more
callback-requested = client { $client } callback for the bot  { $text }
block-requested = client { $client } block { $block } to be run
block-requested-with-text = client { $client } block { $block } to be run  with the message { $text }
removal-requested = client { $client } message { $ids } to be removed
notification-requested = client { $client } notification for { $operators }  { $text }
scheduled-block = block { $block }
task-created = task { $id } created  { $name } for { $operator }, due { $due }
task-updated = task { $id } updated  { $name } for { $operator }, due { $due }
task-done = task { $id } done  { $name }
column-added = column { $name } added to table { $table }
record-created = record { $id } added to table { $table }  { $cells }
record-updated = record { $id } of table { $table } changed  { $cells }
record-deleted = record { $id } of table { $table } deleted
task-deleted = task { $id } deleted  { $name }
list-created = list { $id } created  { $name }
list-joined = client { $client } put into list { $id }  { $name }
list-left = client { $client } taken out of list { $id }  { $name }
list-cleared = all clients taken out of list { $id }  { $name }: { $count }
list-deleted = list { $id } deleted  { $name }
label-created = label { $id } created  { $name }, colour { $color }
label-attached = label { $id } put on client { $client }  { $name }
label-detached = label { $id } taken off client { $client }  { $name }
label-cleared = label { $id } taken off all clients  { $name }: { $count }
label-deleted = label { $id } deleted  { $name }
message-received = client { $client } wrote  { $text }
callback-received = the bot received the callback  { $text } for client { $client }
message-queued = message to client { $client } queued  { $text }
message-refused = message to client { $client } refused  { $reason }: { $text }
refused-blocked = client is blocked
refused-unsubscribed = client is unsubscribed
refused-otherwise = { $reason }
error-recorded = error noted in the history of client { $client }  { $error }
visit-recorded = client { $client } was in block { $block }
variables-of-draft = the draft of client { $id }
variables-of-file = it

## Names, calls and functions

unknown-function = there is no function `{ $name }`
unknown-function-help = `calc doc` lists all functions; define your own with `def`
write-help = write `{ $code }`
argument-after-named = an argument without a name follows one with a name
named-argument-label = this one has a name
argument-after-named-help = put the arguments with `name=` last
argument-twice = `{ $name }` is given twice
argument-order-help = the order is `{ $signature }`
unknown-keyword = `{ $function }` has no argument called `{ $name }`
takes-no-arguments = `{ $function }` takes no arguments, found { $given }
takes-arguments = `{ $function }` takes { $count } { $count ->
        [one] argument
       *[other] arguments
     }, found { $given }
takes-at-most = `{ $function }` takes at most { $count } { $count ->
        [one] argument
       *[other] arguments
     }, found { $given }
arguments-missing = `{ $function }` also needs { $missing }
def-inside = a function can be defined only at the top level of a script
def-inside-help = move the `def` out of the block, to the beginning of a line
return-outside = `return` outside a function
return-outside-help = a script has no `return`; use `if` to skip what must not be done
break-outside = `{ $word }` outside a loop
break-outside-help = it belongs in the block of a `for` or a `while`
function-name-of-language = `{ $name }` is already a function of the language
function-twice = there is already a function `{ $name }` in this script
rename-function-help = give your function another name
rename-one-help = give one of the two another name
too-many-parameters = a function has at most { $limit } parameters, this one has { $count }
too-many-parameters-help = pass a list or a dict that holds the values
parameter-twice = the parameter `{ $name }` is named twice

## Warnings

builtin-variable-hidden = `{ $name }` is a built-in variable, and this hides it in the whole deal
rename-variable-help = give your variable another name
comparison-without-effect = this compares two values and does nothing with the answer
comparison-without-effect-help = write `=` to set a variable
call-without-effect = this computes a value and does nothing with it
call-without-effect-help = functions return a new value: write `x = ...` to keep it
line-without-effect = this line does nothing
line-without-effect-help = write `x = ...` to keep the value, or remove the line
word-kept-as-text = nothing is called `{ $name }`, so it is its own text
word-without-value = nothing has set `{ $name }`, so it has no value
write-in-quotes-help = write it in quotes: `{ $quoted }`
if-text-write-in-quotes-help = if it is text, write it in quotes: `{ $quoted }`
message-after-unsubscribe = the client is unsubscribed here, so the message of this block will not be sent
message-after-block = the client is blocked here, so the message of this block will not be sent
this-message-label = this message
refused-message-help = send the message in a block of its own, and call `{ $function }()` in the next block, without a message
input-failed = the input failed
source-limit = the script has { $count } bytes, at most { $limit } are allowed
source-limit-help = split it into several blocks
limit-too-high = the limit `{ $name }` is at most { $most }, found { $found }
unknown-limit = there is no limit `{ $name }`: there are { $known }
slice-step-zero = the step of a slice cannot be 0
slice-step-zero-help = write `x[::2]` for every second item
variable-mistaken-for = the variable `{ $name }` holds { $holds }, not { $expected }
order-id-holds = client and deal together

## Texts, numbers and characters that cannot be read

comment-open = this comment is not closed
comment-open-help = write `*/` where the comment ends
text-open = the text that begins with this `{ $quotes }` is not closed
text-open-help = write `{ $quotes }` where the text ends; a text over several lines is written between `{ $triple }`
text-open-triple-help = write `{ $quotes }` where the text ends
placeholder-open = this `#{"{"}` is not closed
placeholder-open-help = write `{"}"}` after the variable, or `\#{"{"}` if the characters themselves are meant
placeholder-open-sent = this `#{"{"}` is not closed, so it is sent as it is written
placeholder-empty = nothing stands between `#{"{"}` and `{"}"}`
placeholder-empty-help = write the name of a variable: `#{"{"}name{"}"}`
text-in-other-quotes = the text is in `{ $quote }` (U+{ $code }), not in straight quotes
text-in-backticks = the text is in backticks (U+0060), not in straight quotes
text-ends-in-other-quote = the text begins with `{ $first }` and ends with `{ $last }` (U+{ $code })
text-begins-in-other-quote = the text begins with `{ $first }` (U+{ $code }) and ends with `{ $last }`
doubled-quotes = the quotes are doubled: `{ $quotes }`
quote-inside-text = a text ends at the first quote of its own kind
quote-inside-text-help = write `\{ $quote }` for a quote inside the text
opening-quote-missing = the text ends with `{ $quote }` but does not begin with it
character-without-meaning = `{ $character }` means nothing here
character-without-meaning-help = remove it, or put it in quotes if it is part of a text
number-ends-in-point = digits must follow the point: `{ $number }`
number-ends-in-point-help = write `{ $number }0` or `{ $whole }`
not-a-number = `{ $text }` is not a number
not-a-number-help = a date or a version is text: write it in quotes, `{ $quoted }`
neither-number-nor-name = `{ $text }` is neither a number nor a name
neither-number-nor-name-help = a name cannot begin with a digit; if it is text, write it in quotes: `{ $quoted }`
leading-zero = a number cannot begin with 0: `{ $number }`
leading-zero-help = write `'{ $number }'` to keep the zeros, or the number without them
number-too-large = this number is too large
number-too-large-help = write it in quotes if it is text
invisible-character = there is an invisible character here: U+{ $code } ({ $name })
invisible-character-help = remove it: delete the characters around it and type them again
unusual-space-help = type an ordinary space instead
line-ends-invisibly = this line ends in an invisible character: U+{ $code } ({ $name })
line-ends-invisibly-help = end the line with the Enter key
pasted-character = `{ $character }` (U+{ $code }, { $name }) is not `{ $meant }`
pasted-character-without-meaning = `{ $character }` (U+{ $code }, { $name }) means nothing here
letter-multiplies = the letter `{ $letter }` does not multiply
letter-multiplies-help = write `{ $product }` to multiply, or `{ $text }` if it is text
character-full-width = full-width `{ $plain }`
character-en-dash = en dash
character-em-dash = em dash
character-minus-sign = minus sign
character-figure-dash = figure dash
character-horizontal-bar = horizontal bar
character-hyphen = hyphen
character-no-break-hyphen = no-break hyphen
character-multiplication-sign = multiplication sign
character-multiplication-x = multiplication X
character-middle-dot = middle dot
character-bullet-operator = bullet operator
character-dot-operator = dot operator
character-division-sign = division sign
character-division-slash = division slash
character-fraction-slash = fraction slash
character-less-than-or-equal-to = less than or equal to
character-greater-than-or-equal-to = greater than or equal to
character-almost-equal-to = almost equal to
character-identical-to = identical to
character-low-quotation-mark = low quotation mark
character-full-width-comma = full-width comma
character-ideographic-comma = ideographic comma
character-full-width-semicolon = full-width semicolon
character-greek-question-mark = Greek question mark
character-full-width-colon = full-width colon
character-ratio = ratio
character-raised-colon = raised colon
character-asterisk-operator = asterisk operator
character-superscript = superscript
character-fraction = fraction
character-ellipsis = ellipsis
character-bullet = bullet
character-zero-width-space = zero-width space
character-zero-width-non-joiner = zero-width non-joiner
character-zero-width-joiner = zero-width joiner
character-word-joiner = word joiner
character-invisible-operator = invisible operator
character-without-shape = character without a shape
character-byte-order-mark = byte-order mark
character-soft-hyphen = soft hyphen
character-direction-mark = direction mark
character-line-separator = line separator
character-control-character = control character
character-variation-selector = variation selector
character-unusual-space = unusual space

## Names

odd-letters = { $count ->
    [one] the letter { $letters } in `{ $word }` is
   *[other] the letters { $letters } in `{ $word }` are
 } { $alphabet ->
    [cyrillic] Cyrillic
   *[latin] Latin
 }
one-alphabet-help = write `{ $name }`, all in one alphabet
name-too-long = a name has at most { $limit } characters
keyword-as-name = `{ $word }` is a word of the language and cannot name a variable
choose-name-help = choose another name, such as `{ $name }`
name-with-dash = a name has no dash in it: `{ $name }`
name-with-space = a name has no space in it: `{ $name }`
digit-begins-name = a name cannot begin with a digit: `{ $name }`
name-with-sign = a variable is named without `{ $sign }`
member-is-function = `{ $function }` is a function: it is not read with a dot
called-without-object = `{ $function }` is called without `{ $object }` here
called-with-dot = a function is not called with a dot: `{ $function }(...)` takes the value as an argument
functions-without-dot = functions are not called with a dot
dot-reads-no-entry = a dot does not read an entry of a value
entry-help = write `{ $code }` for an entry of a dict
client-prefix = a variable of the client begins with `client.`, not with `{ $object }.`
project-prefix = a variable of the project begins with `project.`, not with `{ $object }.`
deal-without-prefix = the variables of the deal are named without a prefix
deal-set-with-function = `{ $member }` of the deal is set with a function
deal-id-function = the id of the deal is what `get_order_id()` returns
no-such-word = there is no `{ $word }` here
no-objects-help = a variable is named without a dot; an entry of a dict is read with `x['name']`
dash-subtracts = a name has no dash in it: `{ $name }` subtracts
variable-called = `{ $name }` is a variable and cannot be called
variable-called-help = write `{ $name }['key']` for an entry, or `{ $name }` for its value
variable-called-with = `{ $name }` is a variable: an entry of it is read with square brackets
called-here-help = it is called `{ $signature }` here
nearest-help = `{ $code }` is what comes nearest
function-without-brackets = `{ $name }` is a function, and without brackets it is not called

## Lines that are not written as they should be

found-expected = found { $found }, expected { $expected }
does-not-belong = { $found } does not belong here
end-of-line = the end of the line
indentation-here = indentation
expected-value = a value
expected-name = a name
expected-block = an indented block
expected-operator = an operator
inside-bracket-label = inside this bracket
value-after-operator-help = write the missing value after the operator
target-help = the left side of `=` is the name of a variable or an item `x[i]`
target-text-help = a variable is named without quotes: `x = 5`
target-number-help = the variable stands on the left: `x = 5`
target-slice-help = set items one by one: `x[0] = ...`
target-dynamic-help = keep such values in a dict: `d['q#{"{"}i{"}"}'] = ...`
compare-help = to compare, write `==`
cannot-assign = { $what ->
    [text] text
    [number] a number
    [call] a call
    [slice] a slice
    [dynamic] a name made with `#{"{"}{"}"}`
    [calculation] a calculation
   *[other] this
 } cannot be assigned to
comma-missing = `,` or an operator is missing before { $found }
comma-missing-help = separate the values with `,`, or join texts with `+`
operator-missing = an operator is missing before { $found }
operator-missing-help = join texts with `+`
colon-ends-head = the line that begins with `{ $word }` ends with `:`
second-statement = a second statement begins here on the same line
second-statement-help = put `{ $statement }` on a line of its own, or write `;` before it
text-without-quotes = text must be in quotes
not-callable = only the name of a function can be called
not-callable-help = write an operator such as `*` before the bracket, or the name of a function
write-here-help = write `{ $code }` here
write-in-next-line-help = write `{ $code }` in the next line
bracket-open = this `{ $bracket }` is not closed
bracket-open-help = write `{ $closing }` where it ends
bracket-missing-label = `{ $closing }` is missing before this
bracket-closes-nothing = no bracket is open that `{ $bracket }` could close
bracket-closes-nothing-help = remove it, or write its opening bracket before it
bracket-closes-another = `{ $found }` does not close `{ $open }`
opened-label = opened here
indentation-matches-nothing = the indentation of this line matches no block above it
indentation-matches-nothing-help = begin the line exactly below the line it belongs to
indentation-ignored = this indentation is ignored: no block begins on the line above
indentation-ignored-help = begin the line at the same column as the line above
indentation-unexpected = this line is indented, but no block begins on the line above
indentation-unexpected-help = remove the spaces at the beginning of the line, or end the line above with `:` if it is an `if`, `for`, `while` or `def`
tabs-and-spaces = tabs and spaces are mixed in the indentation of this block
tabs-and-spaces-help = use spaces only, four for each level
block-missing = an indented line must follow this `:`
block-begins-label = the block that begins here
block-missing-help = indent the lines that belong to it by four spaces, or write `pass` if nothing is to be done
calculation-over-lines = a calculation does not continue on the next line by itself, even if that begins with `{ $sign }`
calculation-over-lines-help = put the whole calculation in brackets `(...)`, or end the line above with `\`
message-in-script = the line `---` begins a message, and a script file has none
message-in-script-help = name the file `NAME.block`: a calculator, a line `---`, then the message
message-after-spaces-help = delete the spaces after `---`: with them it does not begin the message of a block
nested-too-deep = this is nested more than { $limit } levels deep
nested-too-deep-help = split it: give parts of it to variables or functions of their own
loop-names = a loop has one name or two, not more
loop-names-help = take the others out of the item inside the loop: `a = item[2]`
colon-missing = a `:` is missing after this `{ $word }`
equals-in-condition = `=` sets a variable; it does not compare
equals-in-condition-help = write `==` to ask whether two values are the same
not-a-comparison = `{ $sign }` is not a comparison
if-value-as-head = a line that begins with `if(..., ...)` is a value, not the head of a block
if-value-as-head-help = put the whole condition in brackets: `if ({ $condition }):`
if-takes = `if(...)` takes two or three values
if-takes-help = write `if(condition, value if true, value if false)`
slashes-divide = `//` divides; it does not begin a comment
else-without-if = this `{ $word }` belongs to no `if`
else-without-if-help = `{ $word }:` must follow the block of an `if`, at the same column as that `if`
else-if-is-elif = `else if` is one word here
else-has-condition = `else` has no condition
else-on-the-line = `{ $word }` must be on a line of its own
kept-as-text = this is not a calculation and was kept as text

## Text without quotes, numbers and dates as people write them

address-without-quotes = an e-mail address must be in quotes
handle-without-quotes = a name with `@` is text and must be in quotes
link-without-quotes = a link must be in quotes
time-without-quotes = a time must be in quotes
phone-without-quotes = a phone number must be in quotes
date-without-quotes = a date must be in quotes
full-year-help = write `{ $date }`, with the four digits of the year
day-first-help = write `{ $date }`: the day comes first
number-with-points = a number has one point at most; text must be in quotes
number-with-spaces = a number has no spaces in it
number-with-separators = a number has no separators for thousands, and its fraction begins with a point
number-with-comma = the fraction of a number begins with a point
number-with-unit = a number has no unit: `{ $unit }` does not belong to it
number-or-text-help = write `{ $number }` to calculate with it, or `{ $quoted }` if it is text
thousands-or-fraction-help = write `{ $thousands }` if these are thousands, or `{ $fraction }`
calculate-or-text-help = write `{ $code }`; if it is text, put it in quotes: `{ $text }`
list-in-round-brackets = a list is written in square brackets

## Words and signs of other languages

written-here = `{ $written }` is written `{ $meant }` here
value-or-text-help = write `{ $code }`, or `'{ $name }'` if it is text
needless-word = `{ $word }` is not used here
needless-word-in-for = `{ $word }` is not used in a `for` here
then-word = `{ $word }` is not used here: `:` ends the condition
declaration-help = a variable needs no declaration: write `{ $name } = ...` where it gets its first value
declared-type = variables have no declared types here
import-help = all functions are there without it: remove the line
try-help = functions of the CRM do not fail: they return `None` or `False`, which an `if` can ask for; remove `try` and `except`
except-help = functions of the CRM do not fail: they return `None` or `False`, which an `if` can ask for
raise-help = use `if` to leave out what must not be done
class-help = keep what belongs together in a dict: `x = {"{"}'name': 'Anna', 'age': 30{"}"}`
with-help = write the lines of the block without it
global-help = a function returns its result: `x = f()`
yield-help = collect the values in a list with `append` and return it
switch-help = compare with `if question == 'да':`, then `elif question == 'нет':`, then `else:`
case-help = compare with `if` and `elif`
repeat-help = repeat with `while x < 5:` and an indented block
begin-help = a block begins with `:` on the line above and ends where the indentation ends: remove the line
unless-help = write `if not ...:`
block-end-help = a block ends where the indentation ends: remove the line
sql-help = tables are read and written with functions: `calc doc` lists them
decorator = there are no decorators, so `@` means nothing here
decorator-help = remove the line
arrow-function = there are no arrow functions here
arrow = `=>` neither sets nor compares
arrow-help = write `{ $name } = { $value }` to set `{ $name }`, `{ $name } >= { $value }` to compare
lambda-help = define a function: `def f(a):` with `    return a + 1` in the next line
several-targets = one `=` sets one variable
several-targets-help = set them one after another: { $lines }
counting-loop = `for` iterates over the items of a list
counting-loop-help = write `for { $name } in range(5):` to count from 0 to 4
def-without-brackets = the name of a function is followed by brackets: `def { $name }():`
several-deleted = one `del` deletes one variable
instead-of-case = write `if(condition, a, b)`
instead-of-isnan = write `not is_float(x)`
choice-without-else = `if` between two values needs an `else`
choice-without-else-help = write `{ $name } = { $value } if { $condition } else ...`, or `if { $condition }: { $name } = { $value }`
formula-without-name = nothing stands before `=`: name the variable that gets the value
list-mark = `{ $mark }` comes from a list and does not begin a line
code-fence = a line of backticks marks code in a chat and is no part of it
cells = there are no cells of a table here
cells-help = keep the values in a list, `prices = [300, 500]`, and add them up with `sum(prices)`
equals-in-dict = in a dict `:` stands between a key and its value
misspelt-keyword = `{ $word }` is not a word of the language: did you mean `{ $meant }`?
for-without-in = `in` is missing between the variable and what the loop iterates over
comparison-without-left = nothing stands between `{ $operator }` and the comparison
comma-in-condition = conditions are joined with `and` or `or`, not with a comma
comma-between-statements = statements on one line are separated with `;`
generator = the items of a list stand in square brackets
braces-twice = one pair of braces is enough
letter-in-number = the letter `{ $letter }` stands in a number
text-over-lines = a text in `{ $quotes }` ends on its own line
text-over-lines-help = write a text over several lines between `{ $triple }`
remove-line-help = remove the line
one-equals = one `=` is enough
choice-sign = `?` is not used here: `if(condition, a, b)` chooses between two values
semicolon-separates = values are separated with `,`
per-cent = `%` is the remainder of a division, not per cent
arguments-need-brackets = the arguments of `{ $function }` must be in brackets
word-is-function = `{ $word }` is the function `{ $function }(x)` here
type-of-help = write `{ $call }`; it returns one of `'int'`, `'float'`, `'str'`, `'bool'`, `'list'`, `'dict'`, `'None'`
braces-around-block = a block has no braces: it begins with `:` and its lines are indented
braces-around-block-help = write `{ $head }:`, leave out `{"{"}` and `{"}"}`, and indent the lines of the block
other-comment = `{ $mark }` does not begin a comment
other-comment-help = write `# { $text }`; for a comment over several lines write `/* ... */`
placeholder-for-comment = `#{"{"}` begins a placeholder and not a comment
placeholder-for-comment-help = write `# { $text }` for a comment, or `{"}"}` after the name of a variable
other-placeholder = `{ $written }` is not a placeholder here
other-placeholder-help = write `{ $name }` for the value of the variable; inside a text write `#{"{"}{ $name }{"}"}`
prefixed-text = a text has no `{ $prefix }` in front of it
prefixed-template = a text has no `{ $prefix }` in front of it, and its placeholders are `#{"{"}...{"}"}`
prefixed-template-help = put values into a text with `#{"{"}name{"}"}`; `#{"{"}round(x, 2){"}"}` for two digits
format-call = values are put into a text with `#{"{"}...{"}"}`
format-call-help = write `#{"{"}{ $name }{"}"}` in the text where the value belongs
placeholder-format = a placeholder has no format after `:`
instead-of-map = build the list with `[str(x) for x in list]`
instead-of-filter = build the list with `[x for x in list if x > 0]`
instead-of-reduce = add up with a `for` loop, or with `sum(list)`
instead-of-input = the client's answer is in the variable `question`
instead-of-format = put values into a text with `#{"{"}name{"}"}`
instead-of-pop = read the item with `x[-1]`, then take it out with `del x[-1]`
instead-of-nothing = nothing here does this
instead-of-coalesce = write `x or 'default'`
instead-of-switch = write `if`, `elif` and `else`
instead-of-lookup = keep the pairs in a dict and read them with `get(d, key)`
instead-of-and = write `a and b`
instead-of-or = write `a or b`
instead-of-not = write `not a`
instead-of-datediff = subtract the dates: `'25.11.2026' - current_date` is the days between them
instead-of-average = write `sum(list) / len(list)`
instead-of-date-part = take the part out of the date's text: `splitter(current_date, '.')`
instead-of-left = write `x[:3]` for the first three characters
instead-of-reverse = write `x[::-1]`
instead-of-update = join lists with `a + b`; set an entry of a dict with `d['key'] = value`
instead-of-padding = put zeros in front of a number like this: `('000' + n)[-3:]`
instead-of-iferror = look first whether it can work: `if(b != 0, a / b, 0)`
instead-of-countif = count with `len([x for x in list if x == 'value'])`, sum with `sum([x for x in list if x > 5])`
instead-of-mod = write `a % b` for the remainder
instead-of-weekday = the day of the week is in the variable `weekday`: 1 is Monday
instead-of-isblank = write `x == None`: an empty text counts as nothing, too
instead-of-date = a date is a text: `'20.11.2026'`
instead-of-right = write `x[-3:]` for the last three characters

## Warnings of a check

arguments-swapped = { $first } is in the place of `{ $parameter }`, and { $second } in that of `{ $other }`
id-not-a-number = `{ $parameter }` is an id, and { $found } is not a number
id-not-a-number-help = write the id, which is a number, instead of the name
argument-not-a-date = { $found } is not a date
argument-not-a-time = { $found } is not a time
argument-not-a-number = `{ $parameter }` is a number, and { $found } is not one
argument-not-an-address = { $found } is not an e-mail address
date-form-help = a date is written dd.mm.yyyy, and its day must exist
nearly-date-form-help = write `'{ $date }'`: a date is dd.mm.yyyy
time-form-help = a time is written HH:MM, from 00:00 to 23:59
number-form-help = write a number, such as `100`
address-form-help = write the address that the operator logs in with: `'olga@example.com'`
look-alike-name = nothing sets `{ $name }`: { $letters }
write-as-above-help = write `{ $name }`, as where it is set
calculates-with-comment = `{ $mark }` does not begin a comment: this calculates with a word that has no value
will-fail = this fails when it runs: { $problem }
calculated-text = this { $action ->
    [divides] divides
   *[subtracts] subtracts
 } numbers: { $what ->
    [phone] a phone number
   *[date] a date
 } must be in quotes
loop-over-number = this fails when it runs: a number has no items to iterate over
count-from-zero-help = write `{ $code }` to count from 0
deleted-by-comment = this deletes `{ $name }`: what follows `#` is a comment
deleted-by-comment-help = write `{ $name } = '{ $comment }'` if it is text, or `del { $name }` to delete the variable
deleted-before-comment = this deletes `{ $name }`: nothing but a comment follows the `=`
deleted-before-comment-help = write the value after the `=`, or `del { $name }` to delete the variable
value-or-placeholder-help = write `{ $code }`; inside a text, `#{"{"}{ $name }{"}"}`
no-such-day-in-text = `{ $text }` is not a date: there is no such day
text-nearly-date = `{ $text }` is not read as a date, so this is not date arithmetic
text-nearly-number = `{ $text }` is text and not a number
sent-as-written = `{ $text }` is sent as it is written
placeholder-help = write `{ $code }` for the value of `{ $name }`
underscore-without-value = `{ $name }` has no value here: names that begin with `_` are not stored
underscore-without-value-help = write `{ $name } = 0` before this line

## How a report is drawn

severity-error = Error
severity-warning = Warning
severity-notice = Notice
help-word = Help

## What each code is about

title-unclosed-comment = a comment that is not closed
title-unclosed-string = a text that is not closed
title-curly-quote = curly quotes used as quotes
title-mixed-alphabets = letters of two alphabets in one name
title-bad-number = a number that is written wrongly
title-unexpected-character = a character that means nothing here
title-unclosed-placeholder = `#{"{"}` without its `{"}"}`
title-invalid-utf8 = bytes that are not UTF-8
title-name-too-long = a name that is too long
title-unexpected-token = something that does not belong here
title-two-statements = two statements on one line
title-assignment-in-condition = `=` where `==` is meant
title-missing-colon = a missing `:`
title-unclosed-bracket = a bracket that is not closed
title-wrong-bracket = a closing bracket that does not fit
title-else-if = `else if` in place of `elif`
title-unexpected-indentation = indentation where no block begins
title-missing-block = a missing block
title-bad-indentation = indentation that does not line up
title-else-without-if = `else` or `elif` without its `if`
title-bad-target = something that cannot be assigned to
title-unquoted-text = text without quotes
title-method-call = a call with a dot
title-nested-too-deep = a script that is nested too deeply
title-return-outside = `return` outside a function
title-break-outside = `break` or `continue` outside a loop
title-def-inside = `def` inside a block
title-bad-if = `if(...)` with the wrong number of values
title-keyword-as-name = a keyword used as a name
title-not-callable = a call of something that is not a function name
title-slash-comment = `//` used for a comment
title-foreign-word = a word of another language
title-foreign-operator = an operator of another language
title-foreign-braces = braces around a block
title-foreign-placeholder = a placeholder of another program
title-bad-name = a name that cannot be one
title-missing-brackets = a call without its brackets
title-message-in-script = a message in a script file
title-unknown-function = a function that does not exist
title-argument-count = the wrong number of arguments
title-unknown-keyword = an argument name that does not exist
title-argument-twice = an argument given twice
title-name-taken = a function name that is taken
title-parameter-twice = a parameter named twice
title-too-many-parameters = a function with too many parameters
title-needs-host = a function that needs a host
title-no-value = a value that is missing
title-wrong-type = values that do not go together
title-division-by-zero = division by zero
title-out-of-range = a position outside the list or text
title-missing-key = a key that is not in the dict
title-not-indexable = an index on something that has no items
title-unset-container = an item set in a variable that has no value
title-text-assignment = an item set in a text
title-not-finite = a number that is too large
title-local-unset = a local variable read before it is set
title-bad-argument = an argument a function cannot work with
title-not-iterable = a loop over something that has no items
title-date-arithmetic = dates or times calculated in a way that means nothing
title-value-too-deep = lists or dicts nested too deeply
title-bad-pair = a loop with two names over items that are no pairs
title-no-crm = a CRM function where there is no CRM
title-step-limit = too many steps
title-depth-limit = calls nested too deeply
title-memory-limit = too much memory
title-output-limit = too much printed text
title-crm-call-limit = too many CRM calls
title-time-limit = too much time
title-pattern-limit = a pattern that takes too long
title-source-limit = a script that is too long
title-variable-too-large = a variable that is too large to store
title-too-many-variables = too many variables
title-stopped = a run that was stopped
title-no-effect = a line that does nothing
title-builtin-variable = a built-in variable assigned to
title-order-id-text = `order_id` used as a deal id
title-refused-message = a message that will not be sent
title-kept-as-text = unquoted text that was kept as text
title-ignored-indentation = indentation that was ignored
title-bare-word = a word that is no variable
title-open-placeholder = `#{"{"}` without its `{"}"}` in a message
title-bare-function = a function without its brackets
title-swapped-arguments = arguments in each other's place
title-unfit-argument = an argument that does not fit
title-will-fail = a line that will fail when it runs
title-quotes-missing = a date or a phone number without quotes
title-text-placeholder = a placeholder of another program in a text
title-nearly-value = a text that is nearly a number or a date
title-deleted-by-comment = a variable deleted by a comment
title-needs-host-here = a function that does nothing without a host
title-invisible-character = an invisible character
title-misspelt = a variable that nothing sets
title-never-read = a variable that nothing reads
title-unreachable = a line that never runs
title-constant-condition = a condition that is always the same
title-never-true = a comparison that is never true
title-unchecked-result = a result used without a look at it
title-unknown-id = an id that the project does not have
title-refused-argument = an argument that a CRM function refused
title-absent-function = a call of a function that is not here
title-nearly-number = text that is nearly a number or a date
title-json-text = the text of a list taken as text
