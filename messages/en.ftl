# Every sentence the author of a script reads, in English. `{ $name }` is an argument; text of the script stands between
# backticks. Diagnostics begin in lower case and have no full stop. Each message of this file is in ru.ftl too, with the
# same arguments (tests/wording.rs).

## Several things in one sentence

list-all = { $first } and { $last }
list-any = { $first } or { $last }

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
loop-never-ends = the loop never ends
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

# Functions of the platform that need a host.
needs-host = `{ $name }` needs a host
needs-host-help = it belongs to the platform ({ $group }), and the program that runs the script has to provide it; to try the script here use `--absent none`, or write a function of that name yourself
needs-host-here = `{ $name }` needs a host: here it does nothing and gives None
needs-host-here-help = it belongs to the platform ({ $group }) and acts only where the program that runs the script provides it
absent-function = `{ $name }` needs a host: it did nothing and gave None
absent-function-help = it belongs to the platform ({ $group }) and acts only where the program that runs the script provides it

# Text that is nearly something else.
nearly-a-number = `{ $text }` is text here, not a number
nearly-comma = write a point in a number: `replace(x, ',', '.')`
nearly-groups = take the blanks out of it: `replace(x, ' ', '')`
nearly-unit = take the number out of it: `findall('[0-9]+', x, 0)`
nearly-other-digits = write it as `{ $number }`
nearly-a-date = `{ $text }` is text here, not a date
nearly-date-help = write `{ $date }`, with four digits of the year; `convert_datetime(x, '%d.%m.%y', '%d.%m.%Y')` makes a date of another form
no-such-day = `{ $text }` is text here: there is no such day
no-such-day-help = check the day and the month
json-text = this is the text of a list or a dict, and here its characters are meant
json-text-help = `json(x)` makes a list or a dict of it
