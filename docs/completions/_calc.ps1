
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'calc' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'calc'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'calc' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run calculators (.calc) or blocks (.block: calculator, a line `---`, message) one after another for one client')
            [CompletionResult]::new('eval', 'eval', [CompletionResultType]::ParameterValue, 'Run a script given here, and print its value')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Report every error and warning of scripts; nothing is run')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Mend what can be mended for certain; prints what it changes, file by file')
            [CompletionResult]::new('fmt', 'fmt', [CompletionResultType]::ParameterValue, 'Lay scripts out in the one standard way; prints the names of the files it changes')
            [CompletionResult]::new('lsp', 'lsp', [CompletionResultType]::ParameterValue, 'Serve an editor: the Language Server Protocol over standard input and output')
            [CompletionResult]::new('repl', 'repl', [CompletionResultType]::ParameterValue, 'Try out lines, functions and whole dialogues; nothing is kept before `:commit`')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the tests of `*.test.calc` files')
            [CompletionResult]::new('crm', 'crm', [CompletionResultType]::ParameterValue, 'Make, load, dump, show, list, compare or clean up CRM databases, or put events into their inbox')
            [CompletionResult]::new('doc', 'doc', [CompletionResultType]::ParameterValue, 'Show the documentation of functions, built-in variables, keywords and operators')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a diagnostic, such as E0403')
            [CompletionResult]::new('worker', 'worker', [CompletionResultType]::ParameterValue, 'Run blocks for events that come as JSON lines on standard input, and report as JSON lines')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of `calc`, or of one of its commands, for `man`')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'calc;run' {
            [CompletionResult]::new('--trace', '--trace', [CompletionResultType]::ParameterName, 'Show each statement with the values it reads, its result and its effects, on standard error')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client (default with the demo project: its first)')
            [CompletionResult]::new('--block', '--block', [CompletionResultType]::ParameterName, 'The block the visit is recorded for')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The id of the event: the same one twice runs once')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'What the client wrote')
            [CompletionResult]::new('--callback', '--callback', [CompletionResultType]::ParameterName, 'A hidden text that the bot takes for a command')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time of the run in the project''s time zone, such as ''2026-11-22 10:00''')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The seed of random functions, for runs that can be repeated')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'How lines that do not parse are taken')
            [CompletionResult]::new('--absent', '--absent', [CompletionResultType]::ParameterName, 'What calls of platform functions that are not here do')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people or for programs')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show all effects and keep none')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;eval' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client (default with the demo project: its first)')
            [CompletionResult]::new('--block', '--block', [CompletionResultType]::ParameterName, 'The block the visit is recorded for')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The id of the event: the same one twice runs once')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'What the client wrote')
            [CompletionResult]::new('--callback', '--callback', [CompletionResultType]::ParameterName, 'A hidden text that the bot takes for a command')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time of the run in the project''s time zone, such as ''2026-11-22 10:00''')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The seed of random functions, for runs that can be repeated')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'How lines that do not parse are taken')
            [CompletionResult]::new('--absent', '--absent', [CompletionResultType]::ParameterName, 'What calls of platform functions that are not here do')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people or for programs')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show all effects and keep none')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;check' {
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'How lines that do not parse are taken')
            [CompletionResult]::new('--absent', '--absent', [CompletionResultType]::ParameterName, 'What calls of platform functions that are not here do')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people or for which program')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project whose variables count as set and whose ids are checked')
            [CompletionResult]::new('--select', '--select', [CompletionResultType]::ParameterName, 'Report only warnings with these codes, or codes that begin so (W09)')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Leave out warnings with these codes, or codes that begin so')
            [CompletionResult]::new('--deny', '--deny', [CompletionResultType]::ParameterName, 'Exit with 1 when there are warnings with these codes, or codes that begin so')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Set a limit, e.g. nesting=100; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--deny-warnings', '--deny-warnings', [CompletionResultType]::ParameterName, 'Exit with 1 when there are any warnings')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Apply the fixes that are certain, and report what remains')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Show what --fix would change, and change nothing')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Check again whenever a file changes, until interrupted')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;fix' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Turn mavibot scripts into strict ones')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'How lines that do not parse are taken')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project whose variables count as set and whose ids are checked')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Set a limit, e.g. nesting=100; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Change nothing, name the files that would change, and exit with 1 if there are any')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Show what would change, and change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;fmt' {
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'How lines that do not parse are taken')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Set a limit, e.g. nesting=100; may be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Change nothing, name the files that would change, and exit with 1 if there are any')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Change nothing and show what would change; exit with 1 if anything would')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;lsp' {
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'How lines that do not parse are taken (default: that of calc.toml, else strict)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project whose variables count as set and whose ids are known')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--stdio', '--stdio', [CompletionResultType]::ParameterName, 'Accepted because editors pass it; there is no other way to talk')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;repl' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client (default with the demo project: its first)')
            [CompletionResult]::new('--block', '--block', [CompletionResultType]::ParameterName, 'The block the visit is recorded for')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The id of the event: the same one twice runs once')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'What the client wrote')
            [CompletionResult]::new('--callback', '--callback', [CompletionResultType]::ParameterName, 'A hidden text that the bot takes for a command')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time of the run in the project''s time zone, such as ''2026-11-22 10:00''')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The seed of random functions, for runs that can be repeated')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'How lines that do not parse are taken')
            [CompletionResult]::new('--absent', '--absent', [CompletionResultType]::ParameterName, 'What calls of platform functions that are not here do')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people or for programs')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show all effects and keep none')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;test' {
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Run only tests whose file or name has this text')
            [CompletionResult]::new('--lcov', '--lcov', [CompletionResultType]::ParameterName, 'Write the same as an lcov file, for editors and CI servers')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people, for programs, or for a CI server')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database whose project tests begin with copies of (CALC_DB does not count here)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'The project that tests begin with which load none (default: the demo project)')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project in the database, or the id that the one of the fixture gets')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client at the beginning of tests (default: the project''s first)')
            [CompletionResult]::new('--block', '--block', [CompletionResultType]::ParameterName, 'The id of blocks that are run without one')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time at the beginning of tests that set none, in the time zone of their project')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'The seed of random functions in tests that set none')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'text')
            [CompletionResult]::new('--callback', '--callback', [CompletionResultType]::ParameterName, 'callback')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'event')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'The dialect of the blocks and scripts that are run')
            [CompletionResult]::new('--absent', '--absent', [CompletionResultType]::ParameterName, 'What calls of platform functions that are not here do')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Run the tests again whenever a file beside them changes')
            [CompletionResult]::new('--bless', '--bless', [CompletionResultType]::ParameterName, 'Write the messages that were found into the test files, in place of the expected ones')
            [CompletionResult]::new('--coverage', '--coverage', [CompletionResultType]::ParameterName, 'Show how many lines and branches of the blocks and scripts the tests ran')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'dry-run')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a database and its tables')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Load projects from JSON files, one each')
            [CompletionResult]::new('dump', 'dump', [CompletionResultType]::ParameterValue, 'Write a project as JSON to standard output')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a client with everything that belongs to it; times are the project''s local time')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what a project has of a kind; times are the project''s local time')
            [CompletionResult]::new('enqueue', 'enqueue', [CompletionResultType]::ParameterValue, 'Put events into the inbox of the database, which `calc worker --inbox` empties')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two projects: exit code 0 when they are equal, 1 when not')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'calc;crm;init' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm;load' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--now', '--now', [CompletionResultType]::ParameterName, 'The time that counts where a file gives none, in its time zone (default: now)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Replace a project of the same id, with everything in it')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm;dump' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Only this client with its deals and tasks, and the main client it is linked to')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm;show' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client (default with the demo project: its first)')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people or for programs')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm;list' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Only those of this client')
            [CompletionResult]::new('--operator', '--operator', [CompletionResultType]::ParameterName, 'Only those of this operator')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only deals or operators of this status, such as active; for tasks open or done')
            [CompletionResult]::new('--stage', '--stage', [CompletionResultType]::ParameterName, 'Only deals in this stage')
            [CompletionResult]::new('--pipeline', '--pipeline', [CompletionResultType]::ParameterName, 'Only deals in this pipeline')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Only those whose name contains this, in any case')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show at most so many; 0 shows all')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'For people or for programs: one object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm;enqueue' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm;diff' {
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project in a database (default: the only one there is)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm;prune' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Outcomes of events older than that')
            [CompletionResult]::new('--messages', '--messages', [CompletionResultType]::ParameterName, 'Delivered, failed and received messages older than that')
            [CompletionResult]::new('--visits', '--visits', [CompletionResultType]::ParameterName, 'Visits of blocks last entered before that')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;crm;help' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a database and its tables')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Load projects from JSON files, one each')
            [CompletionResult]::new('dump', 'dump', [CompletionResultType]::ParameterValue, 'Write a project as JSON to standard output')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a client with everything that belongs to it; times are the project''s local time')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what a project has of a kind; times are the project''s local time')
            [CompletionResult]::new('enqueue', 'enqueue', [CompletionResultType]::ParameterValue, 'Put events into the inbox of the database, which `calc worker --inbox` empties')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two projects: exit code 0 when they are equal, 1 when not')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'calc;crm;help;init' {
            break
        }
        'calc;crm;help;load' {
            break
        }
        'calc;crm;help;dump' {
            break
        }
        'calc;crm;help;show' {
            break
        }
        'calc;crm;help;list' {
            break
        }
        'calc;crm;help;enqueue' {
            break
        }
        'calc;crm;help;diff' {
            break
        }
        'calc;crm;help;prune' {
            break
        }
        'calc;crm;help;help' {
            break
        }
        'calc;doc' {
            [CompletionResult]::new('--search', '--search', [CompletionResultType]::ParameterName, 'Show the functions whose name or documentation has this word')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;explain' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;worker' {
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The database, such as sqlite://bot.db (default: a throw-away demo project)')
            [CompletionResult]::new('--fixture', '--fixture', [CompletionResultType]::ParameterName, 'A project file to work on a throw-away copy of, in place of a database')
            [CompletionResult]::new('--project', '--project', [CompletionResultType]::ParameterName, 'The project (default: the only one there is)')
            [CompletionResult]::new('--blocks', '--blocks', [CompletionResultType]::ParameterName, 'The folder with the blocks, ID.block or ID-name.block; read again when they change')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'How many blocks run at once (default: one a processor)')
            [CompletionResult]::new('--outbox', '--outbox', [CompletionResultType]::ParameterName, 'Where messages go')
            [CompletionResult]::new('--lease', '--lease', [CompletionResultType]::ParameterName, 'How long what this worker has claimed is its own: others take over when it is killed')
            [CompletionResult]::new('--attempts', '--attempts', [CompletionResultType]::ParameterName, 'How often a message that does not arrive is tried before it is given up')
            [CompletionResult]::new('--metrics', '--metrics', [CompletionResultType]::ParameterName, 'Serve metrics for Prometheus there, such as 127.0.0.1:9000')
            [CompletionResult]::new('--dialect', '--dialect', [CompletionResultType]::ParameterName, 'How lines that do not parse are taken')
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Set a limit, e.g. steps=1000; may be repeated; times in milliseconds')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('--inbox', '--inbox', [CompletionResultType]::ParameterName, 'Take events from the inbox of the database too, where `calc crm enqueue` or a host puts them')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;man' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('--lang', '--lang', [CompletionResultType]::ParameterName, 'The language of messages: en or ru (default: CALC_LANG, else the system''s)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print errors, values and messages only')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'calc;help' {
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run calculators (.calc) or blocks (.block: calculator, a line `---`, message) one after another for one client')
            [CompletionResult]::new('eval', 'eval', [CompletionResultType]::ParameterValue, 'Run a script given here, and print its value')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Report every error and warning of scripts; nothing is run')
            [CompletionResult]::new('fix', 'fix', [CompletionResultType]::ParameterValue, 'Mend what can be mended for certain; prints what it changes, file by file')
            [CompletionResult]::new('fmt', 'fmt', [CompletionResultType]::ParameterValue, 'Lay scripts out in the one standard way; prints the names of the files it changes')
            [CompletionResult]::new('lsp', 'lsp', [CompletionResultType]::ParameterValue, 'Serve an editor: the Language Server Protocol over standard input and output')
            [CompletionResult]::new('repl', 'repl', [CompletionResultType]::ParameterValue, 'Try out lines, functions and whole dialogues; nothing is kept before `:commit`')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the tests of `*.test.calc` files')
            [CompletionResult]::new('crm', 'crm', [CompletionResultType]::ParameterValue, 'Make, load, dump, show, list, compare or clean up CRM databases, or put events into their inbox')
            [CompletionResult]::new('doc', 'doc', [CompletionResultType]::ParameterValue, 'Show the documentation of functions, built-in variables, keywords and operators')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a diagnostic, such as E0403')
            [CompletionResult]::new('worker', 'worker', [CompletionResultType]::ParameterValue, 'Run blocks for events that come as JSON lines on standard input, and report as JSON lines')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page of `calc`, or of one of its commands, for `man`')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'calc;help;run' {
            break
        }
        'calc;help;eval' {
            break
        }
        'calc;help;check' {
            break
        }
        'calc;help;fix' {
            break
        }
        'calc;help;fmt' {
            break
        }
        'calc;help;lsp' {
            break
        }
        'calc;help;repl' {
            break
        }
        'calc;help;test' {
            break
        }
        'calc;help;crm' {
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a database and its tables')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Load projects from JSON files, one each')
            [CompletionResult]::new('dump', 'dump', [CompletionResultType]::ParameterValue, 'Write a project as JSON to standard output')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a client with everything that belongs to it; times are the project''s local time')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List what a project has of a kind; times are the project''s local time')
            [CompletionResult]::new('enqueue', 'enqueue', [CompletionResultType]::ParameterValue, 'Put events into the inbox of the database, which `calc worker --inbox` empties')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Compare two projects: exit code 0 when they are equal, 1 when not')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Remove what is older than some days: outcomes of events, messages that wait for nothing, visits of blocks')
            break
        }
        'calc;help;crm;init' {
            break
        }
        'calc;help;crm;load' {
            break
        }
        'calc;help;crm;dump' {
            break
        }
        'calc;help;crm;show' {
            break
        }
        'calc;help;crm;list' {
            break
        }
        'calc;help;crm;enqueue' {
            break
        }
        'calc;help;crm;diff' {
            break
        }
        'calc;help;crm;prune' {
            break
        }
        'calc;help;doc' {
            break
        }
        'calc;help;explain' {
            break
        }
        'calc;help;worker' {
            break
        }
        'calc;help;completions' {
            break
        }
        'calc;help;man' {
            break
        }
        'calc;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
