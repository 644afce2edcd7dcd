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
