
use builtin;
use str;

set edit:completion:arg-completer[calc] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'calc'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'calc'= {
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand run 'Run calculators (.calc) or blocks (.block: calculator, a line `---`, message) one after another for one client'
            cand eval 'Run a script given here, and print its value'
            cand check 'Report every error and warning of scripts; nothing is run'
            cand fix 'Mend what can be mended for certain; prints what it changes, file by file'
            cand fmt 'Lay scripts out in the one standard way; prints the names of the files it changes'
            cand lsp 'Serve an editor: the Language Server Protocol over standard input and output'
            cand repl 'Try out lines, functions and whole dialogues; nothing is kept before `:commit`'
            cand test 'Run the tests of `*.test.calc` files'
            cand crm 'Make, load, dump, show, list, compare or clean up CRM databases, or put events into their inbox'
            cand doc 'Show the documentation of functions, built-in variables, keywords and operators'
            cand explain 'Explain a diagnostic, such as E0403'
            cand worker 'Run blocks for events that come as JSON lines on standard input, and report as JSON lines'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page of `calc`, or of one of its commands, for `man`'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'calc;run'= {
            cand --trace 'Show each statement with the values it reads, its result and its effects, on standard error'
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --client 'The client (default with the demo project: its first)'
            cand --block 'The block the visit is recorded for'
            cand --event 'The id of the event: the same one twice runs once'
            cand --text 'What the client wrote'
            cand --callback 'A hidden text that the bot takes for a command'
            cand --now 'The time of the run in the project''s time zone, such as ''2026-11-22 10:00'''
            cand --seed 'The seed of random functions, for runs that can be repeated'
            cand --dialect 'How lines that do not parse are taken'
            cand --absent 'What calls of platform functions that are not here do'
            cand --format 'For people or for programs'
            cand --limit 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --dry-run 'Show all effects and keep none'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;eval'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --client 'The client (default with the demo project: its first)'
            cand --block 'The block the visit is recorded for'
            cand --event 'The id of the event: the same one twice runs once'
            cand --text 'What the client wrote'
            cand --callback 'A hidden text that the bot takes for a command'
            cand --now 'The time of the run in the project''s time zone, such as ''2026-11-22 10:00'''
            cand --seed 'The seed of random functions, for runs that can be repeated'
            cand --dialect 'How lines that do not parse are taken'
            cand --absent 'What calls of platform functions that are not here do'
            cand --format 'For people or for programs'
            cand --limit 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --dry-run 'Show all effects and keep none'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;check'= {
            cand --dialect 'How lines that do not parse are taken'
            cand --absent 'What calls of platform functions that are not here do'
            cand --format 'For people or for which program'
            cand --fixture 'A project whose variables count as set and whose ids are checked'
            cand --select 'Report only warnings with these codes, or codes that begin so (W09)'
            cand --ignore 'Leave out warnings with these codes, or codes that begin so'
            cand --deny 'Exit with 1 when there are warnings with these codes, or codes that begin so'
            cand --limit 'Set a limit, e.g. nesting=100; may be repeated'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --deny-warnings 'Exit with 1 when there are any warnings'
            cand --fix 'Apply the fixes that are certain, and report what remains'
            cand --diff 'Show what --fix would change, and change nothing'
            cand --watch 'Check again whenever a file changes, until interrupted'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;fix'= {
            cand --to 'Turn mavibot scripts into strict ones'
            cand --dialect 'How lines that do not parse are taken'
            cand --fixture 'A project whose variables count as set and whose ids are checked'
            cand --limit 'Set a limit, e.g. nesting=100; may be repeated'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --check 'Change nothing, name the files that would change, and exit with 1 if there are any'
            cand --diff 'Show what would change, and change nothing'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;fmt'= {
            cand --dialect 'How lines that do not parse are taken'
            cand --limit 'Set a limit, e.g. nesting=100; may be repeated'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --check 'Change nothing, name the files that would change, and exit with 1 if there are any'
            cand --diff 'Change nothing and show what would change; exit with 1 if anything would'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;lsp'= {
            cand --dialect 'How lines that do not parse are taken (default: that of calc.toml, else strict)'
            cand --fixture 'A project whose variables count as set and whose ids are known'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --stdio 'Accepted because editors pass it; there is no other way to talk'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;repl'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --client 'The client (default with the demo project: its first)'
            cand --block 'The block the visit is recorded for'
            cand --event 'The id of the event: the same one twice runs once'
            cand --text 'What the client wrote'
            cand --callback 'A hidden text that the bot takes for a command'
            cand --now 'The time of the run in the project''s time zone, such as ''2026-11-22 10:00'''
            cand --seed 'The seed of random functions, for runs that can be repeated'
            cand --dialect 'How lines that do not parse are taken'
            cand --absent 'What calls of platform functions that are not here do'
            cand --format 'For people or for programs'
            cand --limit 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --dry-run 'Show all effects and keep none'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;test'= {
            cand --filter 'Run only tests whose file or name has this text'
            cand --lcov 'Write the same as an lcov file, for editors and CI servers'
            cand --format 'For people, for programs, or for a CI server'
            cand --db 'The database whose project tests begin with copies of (CALC_DB does not count here)'
            cand --fixture 'The project that tests begin with which load none (default: the demo project)'
            cand --project 'The project in the database, or the id that the one of the fixture gets'
            cand --client 'The client at the beginning of tests (default: the project''s first)'
            cand --block 'The id of blocks that are run without one'
            cand --now 'The time at the beginning of tests that set none, in the time zone of their project'
            cand --seed 'The seed of random functions in tests that set none'
            cand --text 'text'
            cand --callback 'callback'
            cand --event 'event'
            cand --dialect 'The dialect of the blocks and scripts that are run'
            cand --absent 'What calls of platform functions that are not here do'
            cand --limit 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --watch 'Run the tests again whenever a file beside them changes'
            cand --bless 'Write the messages that were found into the test files, in place of the expected ones'
            cand --coverage 'Show how many lines and branches of the blocks and scripts the tests ran'
            cand --dry-run 'dry-run'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm'= {
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand init 'Make a database and its tables'
            cand load 'Load projects from JSON files, one each'
            cand dump 'Write a project as JSON to standard output'
            cand show 'Show a client with everything that belongs to it; times are the project''s local time'
            cand list 'List what a project has of a kind; times are the project''s local time'
            cand enqueue 'Put events into the inbox of the database, which `calc worker --inbox` empties'
            cand diff 'Compare two projects: exit code 0 when they are equal, 1 when not'
            cand prune 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'calc;crm;init'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm;load'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --now 'The time that counts where a file gives none, in its time zone (default: now)'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --replace 'Replace a project of the same id, with everything in it'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm;dump'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --client 'Only this client with its deals and tasks, and the main client it is linked to'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm;show'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --client 'The client (default with the demo project: its first)'
            cand --format 'For people or for programs'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm;list'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --client 'Only those of this client'
            cand --operator 'Only those of this operator'
            cand --status 'Only deals or operators of this status, such as active; for tasks open or done'
            cand --stage 'Only deals in this stage'
            cand --pipeline 'Only deals in this pipeline'
            cand --name 'Only those whose name contains this, in any case'
            cand --limit 'Show at most so many; 0 shows all'
            cand --format 'For people or for programs: one object a line'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm;enqueue'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm;diff'= {
            cand --project 'The project in a database (default: the only one there is)'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm;prune'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --events 'Outcomes of events older than that'
            cand --messages 'Delivered, failed and received messages older than that'
            cand --visits 'Visits of blocks last entered before that'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;crm;help'= {
            cand init 'Make a database and its tables'
            cand load 'Load projects from JSON files, one each'
            cand dump 'Write a project as JSON to standard output'
            cand show 'Show a client with everything that belongs to it; times are the project''s local time'
            cand list 'List what a project has of a kind; times are the project''s local time'
            cand enqueue 'Put events into the inbox of the database, which `calc worker --inbox` empties'
            cand diff 'Compare two projects: exit code 0 when they are equal, 1 when not'
            cand prune 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'calc;crm;help;init'= {
        }
        &'calc;crm;help;load'= {
        }
        &'calc;crm;help;dump'= {
        }
        &'calc;crm;help;show'= {
        }
        &'calc;crm;help;list'= {
        }
        &'calc;crm;help;enqueue'= {
        }
        &'calc;crm;help;diff'= {
        }
        &'calc;crm;help;prune'= {
        }
        &'calc;crm;help;help'= {
        }
        &'calc;doc'= {
            cand --search 'Show the functions whose name or documentation has this word'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;explain'= {
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;worker'= {
            cand --db 'The database, such as sqlite://bot.db (default: a throw-away demo project)'
            cand --fixture 'A project file to work on a throw-away copy of, in place of a database'
            cand --project 'The project (default: the only one there is)'
            cand --blocks 'The folder with the blocks, ID.block or ID-name.block; read again when they change'
            cand --threads 'How many blocks run at once (default: one a processor)'
            cand --outbox 'Where messages go'
            cand --lease 'How long what this worker has claimed is its own: others take over when it is killed'
            cand --attempts 'How often a message that does not arrive is tried before it is given up'
            cand --metrics 'Serve metrics for Prometheus there, such as 127.0.0.1:9000'
            cand --dialect 'How lines that do not parse are taken'
            cand --limit 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds'
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand --inbox 'Take events from the inbox of the database too, where `calc crm enqueue` or a host puts them'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;completions'= {
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;man'= {
            cand --color 'When to use colors'
            cand --lang 'The language of messages: en or ru (default: CALC_LANG, else the system''s)'
            cand -q 'Print errors, values and messages only'
            cand --quiet 'Print errors, values and messages only'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'calc;help'= {
            cand run 'Run calculators (.calc) or blocks (.block: calculator, a line `---`, message) one after another for one client'
            cand eval 'Run a script given here, and print its value'
            cand check 'Report every error and warning of scripts; nothing is run'
            cand fix 'Mend what can be mended for certain; prints what it changes, file by file'
            cand fmt 'Lay scripts out in the one standard way; prints the names of the files it changes'
            cand lsp 'Serve an editor: the Language Server Protocol over standard input and output'
            cand repl 'Try out lines, functions and whole dialogues; nothing is kept before `:commit`'
            cand test 'Run the tests of `*.test.calc` files'
            cand crm 'Make, load, dump, show, list, compare or clean up CRM databases, or put events into their inbox'
            cand doc 'Show the documentation of functions, built-in variables, keywords and operators'
            cand explain 'Explain a diagnostic, such as E0403'
            cand worker 'Run blocks for events that come as JSON lines on standard input, and report as JSON lines'
            cand completions 'Print a completion script for a shell'
            cand man 'Print the manual page of `calc`, or of one of its commands, for `man`'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'calc;help;run'= {
        }
        &'calc;help;eval'= {
        }
        &'calc;help;check'= {
        }
        &'calc;help;fix'= {
        }
        &'calc;help;fmt'= {
        }
        &'calc;help;lsp'= {
        }
        &'calc;help;repl'= {
        }
        &'calc;help;test'= {
        }
        &'calc;help;crm'= {
            cand init 'Make a database and its tables'
            cand load 'Load projects from JSON files, one each'
            cand dump 'Write a project as JSON to standard output'
            cand show 'Show a client with everything that belongs to it; times are the project''s local time'
            cand list 'List what a project has of a kind; times are the project''s local time'
            cand enqueue 'Put events into the inbox of the database, which `calc worker --inbox` empties'
            cand diff 'Compare two projects: exit code 0 when they are equal, 1 when not'
            cand prune 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks'
        }
        &'calc;help;crm;init'= {
        }
        &'calc;help;crm;load'= {
        }
        &'calc;help;crm;dump'= {
        }
        &'calc;help;crm;show'= {
        }
        &'calc;help;crm;list'= {
        }
        &'calc;help;crm;enqueue'= {
        }
        &'calc;help;crm;diff'= {
        }
        &'calc;help;crm;prune'= {
        }
        &'calc;help;doc'= {
        }
        &'calc;help;explain'= {
        }
        &'calc;help;worker'= {
        }
        &'calc;help;completions'= {
        }
        &'calc;help;man'= {
        }
        &'calc;help;help'= {
        }
    ]
    $completions[$command]
}
