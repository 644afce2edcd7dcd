# Все фразы, которые читает автор скрипта, по-русски. `{ $name }` — аргумент; текст скрипта стоит в обратных кавычках.
# Сообщения об ошибках начинаются со строчной буквы и не кончаются точкой. Обращение без «ты» и «вы»: «запишите»,
# «проверьте». Каждая фраза есть и в en.ftl, с теми же аргументами (tests/wording.rs).

## Перечисления

list-all = { $first } и { $last }
list-any = { $first } или { $last }

## Ошибки выполнения

called-from-here = вызвано отсюда
inside-function = в `{ $name }`: { $problem }
variable-has-no-value = у `{ $name }` нет значения
operand-has-no-value = здесь нет значения, считать не с чем
variable-of-the-deal-before-help = `{ $name }` относится к сделке, которая была текущей раньше: передайте её через `transfer_vars=['{ $name }']`, задайте после создания новой сделки или назовите `_{ $name }`
item-in-unset-variable = у `{ $name }` ещё нет значения, а значит, и элементов
item-in-unset-variable-help = запишите перед этой строкой `{ $name } = {"{}"}` для словаря или `{ $name } = []` для списка
local-unset = `{ $name }` читается раньше, чем получает значение в этой функции
local-unset-help = `{ $name }` задаётся внутри функции и потому видна только в ней: задайте её до этой строки или передайте параметром
bad-argument = `{ $parameter }`: { $problem }
signature-help = правильная запись: `{ $signature }`
refused-argument = `{ $function }` не приняла `{ $parameter }`: { $problem }
stopped = выполнение остановлено
crm-call-limit = скрипт вызывает функции CRM больше { $limit } { $limit ->
    [one] раза
   *[other] раз
 }
crm-call-limit-help = делайте меньше в одном блоке или запрашивайте сразу списки, а не отдельные значения
depth-limit = функции вызывают друг друга глубже { $limit } { $limit ->
    [one] уровня
   *[other] уровней
 }
depth-limit-help = функции, которая вызывает сама себя, нужен `if`, который это остановит

## Проверка бота целиком

misspelt-variable = `{ $name }` нигде не задаётся, а `{ $meant }` нигде не читается
never-read = `{ $name }` никто не читает, а после функции её уже нет
never-read-help = функция не меняет переменных бота: верните значение или уберите строку
unreachable = эта строка никогда не выполняется
unreachable-help = уберите её или перенесите выше строки, после которой выполнение уходит
return-ends-function = `return` завершает функцию
break-ends-loop = `break` завершает цикл
continue-begins-iteration = `continue` начинает следующий проход
loop-never-ends = цикл не кончается
every-branch-leaves = каждая ветвь уходит отсюда
always-true-operand = это всегда истинно, а с ним и весь `{ $op }`
always-false-operand = это всегда ложно, а с ним и весь `{ $op }`
compare-each-help = сравните с каждым значением: `{ $name } == ...` или запишите `{ $name } in [...]`
constant-operand-help = сравните это с чем-нибудь или уберите
always-true-condition = это условие всегда истинно
always-false-condition = это условие всегда ложно
constant-condition-help = условие спрашивает о переменной: `if x == 5:`
repeated-condition = такое же условие стоит выше, поэтому эта ветвь никогда не выполняется
first-condition = впервые оно стоит здесь
repeated-condition-help = измените одно из двух или уберите эту ветвь
same-sides-true = обе стороны одинаковы, поэтому это всегда истинно
same-sides-false = обе стороны одинаковы, поэтому это никогда не истинно
same-sides-help = сравните с другой переменной или со значением
never-true = это никогда не истинно: { $reason }
always-true = это всегда истинно: { $reason }
folded-case = `{ $function }` возвращает такой текст как `{ $text }`
write-text-help = запишите `'{ $text }'`
flag-and-text = `{ $function }` возвращает True или False, а `'{ $text }'` — текст
flag-and-text-help = запишите `if { $function }(...)` или `if not { $function }(...)`
number-and-text = `{ $function }` возвращает число, а `'{ $text }'` — текст
number-and-text-help = сравните с числом
contradiction = `{ $name }` не может быть и тем и другим, поэтому это никогда не истинно
other-comparison = другое сравнение
contradiction-help = запишите `or`, если достаточно одного из двух
item-of-unchecked-result = `{ $function }` может вернуть { $failure }, и тогда такого элемента нет
item-of-unchecked-result-help = сохраните результат в переменной и проверьте, не пуст ли он, прежде чем брать элемент
failure-false = `False`
failure-none = `None`
failure-zero = 0
failure-empty-list = пустой список
unchecked-deal = если `{ $inner }` ничего не найдёт, `{ $function }` изменит текущую сделку
unchecked-deal-help = сохраните результат в переменной и вызывайте функцию, только `if` в ней есть значение
no-stage = в проекте нет этапа с id { $id }
known-stages = его этапы: { $stages }
no-operator = в проекте нет оператора с почтой `{ $email }`
known-operators = его операторы: { $operators }

# Функции платформы, которые работают только там, где их даёт программа.
needs-host = функции `{ $name }` здесь нет
needs-host-help = это функция платформы ({ $group }), её должна давать программа, которая запускает скрипт; чтобы проверить скрипт здесь, добавьте `--absent none` или напишите функцию с таким именем сами
needs-host-here = функции `{ $name }` здесь нет: вызов ничего не сделает и вернёт None
needs-host-here-help = это функция платформы ({ $group }), она работает только там, где её даёт программа, которая запускает скрипт
absent-function = функции `{ $name }` здесь нет: вызов ничего не сделал и вернул None
absent-function-help = это функция платформы ({ $group }), она работает только там, где её даёт программа, которая запускает скрипт

# Текст, похожий на что-то другое.
nearly-a-number = `{ $text }` здесь текст, а не число
nearly-comma = дробная часть отделяется точкой: `replace(x, ',', '.')`
nearly-groups = уберите пробелы: `replace(x, ' ', '')`
nearly-unit = возьмите из текста число: `findall('[0-9]+', x, 0)`
nearly-other-digits = запишите его как `{ $number }`
nearly-a-date = `{ $text }` здесь текст, а не дата
nearly-date-help = запишите `{ $date }`, год — четырьмя цифрами; дату другого вида переводит `convert_datetime(x, '%d.%m.%y', '%d.%m.%Y')`
no-such-day = `{ $text }` здесь текст: такого дня нет
no-such-day-help = проверьте день и месяц
json-text = это текст списка или словаря, и здесь берутся его символы
json-text-help = `json(x)` делает из него список или словарь
