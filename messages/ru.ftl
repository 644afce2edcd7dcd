# Все фразы, которые читает автор скрипта, по-русски. `{ $name }` — аргумент; текст скрипта стоит в обратных кавычках.
# Сообщения об ошибках начинаются со строчной буквы и не кончаются точкой. Обращение без «ты» и «вы»: «запишите»,
# «проверьте». Каждая фраза есть и в en.ftl, с теми же аргументами (tests/wording.rs).

## Перечисления

list-all = { $first } и { $last }
list-any = { $first } или { $last }

## Документация функций

doc-functions = Функции
doc-functions-of-group = Функции: { $group }
doc-generated = Создано из объявлений командой `{ $command }`.
doc-arguments = Аргументы
doc-argument = { $takes }: { $about }
doc-argument-with-default = { $takes }: { $about } (по умолчанию { $default })
doc-optional-argument = { $takes }: { $about } (можно не задавать)
doc-columns = аргумент | принимает | по умолчанию | значение
doc-required = обязателен
doc-returns = Результат: { $what }
doc-returns-or-refuses = Результат: { $what }; { $failure }, если аргумент не подошёл
doc-returns-and-never-refuses = Результат: { $what }; отказа не бывает
doc-aliases = Другие имена: { $names }
doc-of-the-vendor = Описана разработчиком исходного калькулятора
doc-addition = Дополнение этого интерпретатора
doc-variables = встроенные переменные
doc-variables-of-index = Встроенные переменные
doc-platform-function = { $name }(...)

    { $about }
    С `--absent none` её вызовы ничего не делают и возвращают None.
platform-function-of-service = Функция внешнего сервиса ({ $group }); здесь её нет, её даёт программа, которая запускает скрипт.
platform-function-of-integration = Функция интеграции с бизнес-сервисом ({ $group }); здесь её нет, её даёт программа, которая запускает скрипт.
doc-unknown = функции `{ $name }` нет: `calc doc` показывает все, `calc doc --search СЛОВО` ищет по слову
doc-did-you-mean = функции `{ $name }` нет; возможно, имелась в виду `{ $meant }`
doc-nothing-found = ни в имени, ни в описании функций нет `{ $word }`
explain-unknown = сообщения с кодом `{ $code }` нет: `calc explain` показывает все

## Файлы проектов

file-some-object = объект
project-file-position = строка { $line }, столбец { $column }: { $problem }
project-file-place = строка { $line }, столбец { $column }, { $place }: { $problem }
file-expected = здесь нужно: { $expected }, а стоит { $found }
file-object = объект `{"{"}…{"}"}`
file-list = список `[…]`
file-flag = `true` или `false`
file-value = `{ $value }`
file-time = время вида `2026-11-20 09:00:00`
file-unknown-key-meant = ключа `{ $key }` нет; возможно, имелся в виду `{ $meant }`
file-unknown-key = ключа `{ $key }` нет, есть { $known }
file-missing-key = не хватает `{ $key }`
file-not-an-id = `{ $id }` — не id: id — целое число больше 0
file-not-a-time = `{ $text }` — не время: запишите его как `2026-11-20 09:00:00` (UTC)
file-unknown-word-meant = значения `{ $word }` нет; возможно, имелось в виду `{ $meant }`
file-unknown-word = значения `{ $word }` нет: запишите { $known }
file-temporary-variable = `{ $name }` не прочитает ни один скрипт: переменная, имя которой начинается с `_`, не сохраняется
file-key-twice = ключ встречается дважды
file-variable-out-of-reach = `{ $name }` не прочитает ни один скрипт: в имени переменной — буквы, цифры и `_`
file-id-twice = id `{ $id }` стоит дважды, здесь и в { $first }; у клиентов, сделок, задач, этапов, воронок, списков, меток и таблиц общий счётчик
file-column-twice = столбец `{ $column }` уже есть
file-record-twice = id `{ $id }` стоит в этой таблице дважды, здесь и в { $first }
file-no-column = столбца `{ $column }` в таблице нет
file-no-column-meant = столбца `{ $column }` в таблице нет; возможно, имелся в виду `{ $meant }`
file-no-operator = оператора `{ $email }` в файле нет
file-no-operator-meant = оператора `{ $email }` в файле нет; возможно, имелся в виду `{ $meant }`
file-not-a-zone = `{ $zone }` — не часовой пояс: запишите его как `Europe/Moscow`
file-empty-email = почта не указана
file-operator-twice = оператор `{ $email }` уже есть
file-negative = `{ $number }` меньше нуля
file-visit-twice = посещение блока `{ $block }` уже есть
file-too-many-scheduled = отложенных сообщений у клиента — не больше { $most }
file-scheduled-needs-content = отложенному сообщению нужен `block` или `text`
file-no-stage = этапа `{ $stage }` в файле нет
file-no-client = клиента `{ $client }` в файле нет
file-no-deal = сделки `{ $deal }` в файле нет
file-not-a-date = `{ $text }` — не дата: запишите `dd.mm.yyyy`
file-not-a-clock-time = `{ $text }` — не время: запишите `HH:MM`
file-hours = здесь нужно `"always"` или пара вида `["09:00", "18:00"]`
file-not-a-day = `{ $found }` — не день: запишите число от 1 (понедельник) до 7 (воскресенье)
file-block-twice = у блока `{ $block }` два названия, здесь и в { $first }
file-event-has-none = у события `{ $kind }` нет `{ $key }`
file-priority = `{ $found }` — не важность: запишите число от 0 (обычная) до 3 (ошибка)
file-window = здесь нужно `"day"` или число минут
file-open-deal-closed-at = сделка открыта, и времени закрытия у неё нет: задайте `status` или уберите `closed_at`
file-closed-before-created = сделка закрыта раньше, чем создана, см. { $place }
file-open-task-done-at = задача не выполнена, см. { $place }, и времени выполнения у неё нет
file-empty-name = имя пустое
file-label-twice = метка `{ $name }` уже есть, см. { $first }
file-not-a-color = `{ $found }` — не цвет: цвета — числа от 0 до 9
file-client-twice = клиент `{ $client }` здесь уже есть
file-own-main-client = клиент указан главным для самого себя: уберите это
file-main-client-is-linked = у клиента `{ $client }` есть свой главный, см. { $place }: все в группе называют одного
file-deal-of-another = сделка `{ $deal }` — клиента `{ $client }`, см. { $place }
file-current-deal-closed = сделка `{ $deal }` закрыта (`{ $status }`, см. { $place }) и не может быть текущей

## Что не так в JSON или TOML

reader-ends-early = текст обрывается
reader-value-expected = здесь нужно значение
reader-text-without-quotes = нет значения, или текст без кавычек
reader-not-closed = текст или список не закрыт
reader-sign-expected = здесь нужно { $signs }
reader-trailing-comma = после последнего элемента лишняя запятая
reader-more-follows = после конца есть что-то ещё
reader-line-end-expected = здесь строка должна кончиться
reader-key-not-text = ключ — текст в двойных кавычках
reader-key-twice = ключ `{ $key }` встречается дважды
reader-control-character = в тексте управляющий символ, например конец строки: запишите `\n`
reader-escape = после `\` стоит не тот символ
reader-number = число записано неправильно
reader-too-deep = слишком глубокая вложенность
reader-time = не время вида `2026-11-22T07:00:00Z`
reader-time-form = время вида `2026-11-22T07:00:00Z`
reader-otherwise = ошибка в записи: { $error }

## Команда `calc`

unit-interrupted = блок прерван раньше, чем получил итог
not-an-event = не событие: { $error }
line-is-no-object = не объект JSON
in-column = { $problem } (столбец { $column })
outbox-has-to-wait = отправка ждёт, обращение к базе данных повторится: { $error }
distribution-does-not-compile = в распределении клиентов ошибка
store-has-to-wait = база данных не отвечает, обращение повторится: { $error }
inbox-problem = событие { $number } клиента { $client } из очереди: { $problem }
scheduled-stays = отложенное сообщение клиенту { $client }: { $problem }; оно остаётся, попытка повторится
request-stays = блок, о котором просили, клиент { $client }: { $problem }; просьба остаётся, попытка повторится
scheduled-problem = отложенное сообщение клиенту { $client }: { $problem }
client-not-distributed = клиента { $client } не удалось распределить: { $problem }
blocks-stay-in-use = { $problem }; прежние блоки остаются в работе
file-and-line = { $name }, строка { $line }
nothing-enqueued = в очередь ничего не попало
enqueued = в очередь добавлено событий: { $count }
settings-did-you-mean = { $problem } — возможно, имелось в виду `{ $meant }`
settings-expected = здесь нужно { $known }, а стоит `{ $found }`
settings-expected-command = здесь нужна команда: текст или список текстов
column-callback = callback
column-kind = вид
column-paused-until = пауза до
column-message-ids = сообщения
column-operators = операторы
test-takes-no-text = --text — не для тестов: что пишет клиент, говорит сам тест: say('текст')
test-takes-no-callback = --callback — не для тестов: одно событие на всех обработал бы только первый запуск
test-takes-no-event = --event — не для тестов: какой запуск — событие, говорит сам тест: event('id')
test-takes-no-dry-run = --dry-run — не для тестов: они работают с одноразовыми копиями и ничего не сохраняют
fixture-or-database = задайте либо --fixture, либо --db: тесты начинаются с одного проекта
line-too-long = длиннее { $most } байт
unstorable-event-id = в id события есть символ 0, который нельзя сохранить
long-event-id = символов в id события: { $count }, а можно не больше { $most }
long-event-text = символов в тексте события: { $count }, а можно не больше { $most }
no-such-client-in-project = в проекте `{ $project }` нет клиента `{ $client }`
time-of-run-out-of-range = время запуска — вне годов с 1 по 9999
hit-of-found = { $hit } из { $found }
column-script = скрипт
column-lines = строки
column-branches = ветви
column-lines-not-run = не выполнены строки
column-branches-not-taken = не пройдены ветви
calc-lang-unknown = CALC_LANG — `{ $name }`, а языки бывают { $known }
not-a-time-of-the-command = `{ $text }` — не время: запишите '2026-11-22 10:00'
time-out-of-range = `{ $time }` — вне годов с 1 по 9999
not-a-duration = `{ $text }` — не промежуток времени: запишите `3 дня`, `2 часа` или `30 минут`
no-such-codes = нет сообщений с кодом, который начинается с `{ $code }`: `calc explain` показывает все
watching = ожидание изменений; Ctrl-C завершает
no-such-command = команды `{ $name }` нет, есть { $known }
file-problem = { $name }: { $problem }
problem-and-next = { $first }; { $next }
bad-options = { $error }
fixture-keeps-nothing = --fixture — одноразовая копия, в ней ничего не сохранить: укажите базу данных через --db
limit-without-value = у предела `{ $limit }` нет значения: запишите --limit { $limit }=1000
limit-not-a-number = предел `{ $name }` — целое число, а здесь `{ $value }`
standard-input = стандартный ввод
standard-output = стандартный вывод
standard-error = поток ошибок
no-such-folder = такой папки нет
no-such-file = такого файла нет
is-a-folder = это папка
not-a-folder = это не папка
no-permission = нет прав доступа
disk-full = на диске нет места
byte-is-not-text = этот байт — не текст
byte-is-not-text-help = сохраните файл в UTF-8
cannot-write = не удалось записать в { $stream }: { $error }
name-the-database = укажите базу данных: --db, например --db sqlite://bot.db
name-the-client = укажите клиента: --client ID
no-such-project = проекта `{ $project }` нет
no-such-client = клиента `{ $client }` нет
runs-on-demo = --db не задано: скрипт работает с одноразовой копией демонстрационного проекта
database-without-projects = в базе данных нет проектов: загрузите проект командой `calc crm load ФАЙЛ --db URL`
name-the-project = в базе данных несколько проектов: укажите один с помощью --project ({ $ids })
more-not-shown = { $name }: ещё { $count } не показано
did-not-compile = в скрипте ошибки; ничего не выполнено
client-blocked-nothing-run = клиент заблокирован; ничего не выполнено
client-paused-nothing-run = бот для клиента на паузе до { $until }; ничего не выполнено
failed-rolled-back = ошибка; все изменения отменены
dry-run-nothing-kept = пробный запуск: ничего не сохранено
nothing-was-changed = ничего не изменилось
message-not-sent-because = сообщение не отправлено, { $reason }:
message-of-the-block = сообщение:
variable-without-value = { $name } не имеет значения
count-errors = { $count } { $count ->
        [one] ошибка
        [few] ошибки
       *[other] ошибок
    }
count-warnings = { $count } { $count ->
        [one] предупреждение
        [few] предупреждения
       *[other] предупреждений
    }
folder-without-scripts = { $name }: в этой папке нет файлов .calc и .block
cannot-write-file = { $name }: не удалось записать: { $error }
file-is-read-only = { $name }: файл только для чтения
not-a-database-address = `{ $url }` — не база данных: запишите sqlite://ФАЙЛ или postgres://ПОЛЬЗОВАТЕЛЬ@СЕРВЕР/БАЗА
database-file-missing = нет имени файла базы данных: запишите sqlite://ФАЙЛ или postgres://ПОЛЬЗОВАТЕЛЬ@СЕРВЕР/БАЗА
database-in-memory = база данных в памяти исчезнет вместе с командой: уберите --db, чтобы попробовать на демонстрационном проекте, или назовите файл, например sqlite://bot.db
unknown-database-parameter = в адресе базы данных не бывает `{ $parameter }`, бывают mode=ro, mode=rw и mode=rwc
without-postgres = этот `calc` собран без PostgreSQL (флаг сборки `postgres`): возьмите sqlite://ФАЙЛ
two-standard-inputs = стандартным вводом может быть только один из двух
no-such-project-in = в { $name } нет проекта `{ $project }`
client-line = клиент { $id } { $name }
section-variables = переменные
section-draft = черновик следующей сделки
section-notes = комментарии
section-visits = посещённые блоки
section-scheduled = отложенные сообщения
section-outbox = ждут отправки
section-history = история
section-assignments = кому передавали
section-deal-variables = переменные сделок
section-deals = сделки
section-tasks = задачи
no-deals = сделок нет
no-tasks = задач нет
message-delivered = доставлено
message-waits = ждёт отправки
list-is-empty = ничего нет
list-has-more = их больше { $most }: --limit 0 покажет все
filter-means-nothing = --{ $name } к этому списку не относится, есть { $known }
no-such-status = статуса `{ $status }` нет, есть { $known }
column-id = id
column-name = имя
column-phone = телефон
column-email = почта
column-operator = оператор
column-current-deal = текущая сделка
column-last-message-at = последнее сообщение
column-client = клиент
column-budget = бюджет
column-status = статус
column-stage = этап
column-stage-name = название этапа
column-created-at = создано
column-due = срок
column-done = готово
column-pipeline = воронка
column-number = номер
column-written = написано
column-block = блок
column-text = текст
column-do-not-cancel = не отменять
column-event = событие
column-at = когда
column-author = кто
column-note = комментарий
column-first-at = впервые
column-last-at = в последний раз
column-value = значение
column-deal = сделка
column-task = задача
column-description = описание
column-state = состояние
column-platform-id = id в мессенджере
column-client-type = тип мессенджера
column-tag = метка
column-unread = непрочитано
column-queued = в очереди
column-queued-until = в очереди до
column-blocked = заблокирован
column-unsubscribed = отписан
column-main-client = главный клиент
column-position = место в списке
column-avatar = фото
column-messenger = мессенджер
column-group = аккаунт бота
column-of-name = { $name }
word-yes = да
word-no = нет
load-one-after-another = --project называет один проект: загружайте файлы по одному
project-is-there = { $name }: проект { $id } в базе данных уже есть ({ $size }): --replace загрузит файл на его место
project-loaded = { $name }: проект { $id } загружен ({ $size })
project-replaced = { $name }: проект { $id } заменён: был { $went }, стал { $came }
project-size = «{ $name }»: { $clients }, { $deals }, { $tasks }
loading-bar = загрузка {"{"}wide_bar{"}"} {"{"}human_pos{"}"}/{"{"}human_len{"}"}, осталось {"{"}eta{"}"}
count-clients = { $count } { $count ->
        [one] клиент
        [few] клиента
       *[other] клиентов
    }
count-deals = { $count } { $count ->
        [one] сделка
        [few] сделки
       *[other] сделок
    }
count-tasks = { $count } { $count ->
        [one] задача
        [few] задачи
       *[other] задач
    }
prune-what = укажите, что убрать: --events ДНЕЙ, --messages ДНЕЙ, --visits ДНЕЙ
pruned = удалено: итогов событий — { $events }, сообщений — { $messages }, посещений блоков — { $visits }
fixed-line = { $name }:{ $line }: исправлено { $code } { $message }
file-rewritten = { $name }: переписан
formatted-means-something-else = результат означал бы другое; сообщите об этом как об ошибке calc
left-as-it-is = { $name } не изменён: { $reason }
event-was-handled-at = событие { $event } уже обработано { $at }; ничего не выполнено
event-was-handled = событие { $event } уже обработано; ничего не выполнено
trace-reads = читает { $values }
trace-result = результат { $value }
repl-help-help = этот список
repl-help-doc = документация функции; без имени — всех
repl-help-explain = что значит сообщение с этим кодом
repl-help-vars = переменные клиента и то, что задано в этом сеансе
repl-help-client = клиент; с id — перейти к другому
repl-help-deal = текущая сделка
repl-help-tasks = задачи по клиенту
repl-help-history = диалог с клиентом
repl-help-say = клиент пишет сообщение
repl-help-message = закончить блок: заполнить сообщение и поставить его на отправку
repl-help-run = выполнить скрипт
repl-help-block = выполнить блок и показать его сообщение
repl-help-effects = что изменилось после последнего :commit
repl-help-undo = отменить последний ввод, который что-то изменил
repl-help-commit = сохранить всё сделанное
repl-help-at = перейти в момент времени, например 2026-11-22 10:00; всё назначенное до него доставляется
repl-help-wait = пусть пройдёт время, например 3 дня; доставляется то же
repl-help-quit = выйти; то, что не сохранено через :commit, пропадёт
repl-help-rest = Всё остальное выполняется как скрипт; пустая строка заканчивает блок с отступом.
nothing-since-commit = после последнего :commit ничего не изменилось
outside-the-calendar = время через `{ $text }` — за пределами календаря
it-is-now = сейчас { $time }
no-variables = переменных нет
not-a-client-id = `{ $text }` — не id клиента: запишите :client 102
word-unsubscribed = отписан
word-blocked = заблокирован
word-done = выполнена
repl-no-current-deal = текущей сделки нет
deal-line = сделка { $id } «{ $name }», бюджет { $budget }, { $status }, { $stage }
task-line = задача { $id } «{ $name }», срок { $due }
not-sent-because = не отправлено: { $reason }
no-messages-yet = сообщений пока нет
nothing-to-undo = после последнего :commit отменять нечего
undone = отменено: { $input }
dry-run-no-commit = пробный запуск: ничего не сохраняется
committed = сохранено
committed-changes = сохранено: { $count } { $count ->
        [one] изменение
        [few] изменения
       *[other] изменений
    }
repl-unknown-command-meant = команды `:{ $name }` нет; возможно, имелась в виду `:{ $meant }`
repl-unknown-command = команды `:{ $name }` нет: `:help` показывает все
repl-argument-missing = чего-то не хватает, запишите так: `{ $example }`
repl-example-say = :say Хочу кружки
repl-example-message = :message Номер заказа — #{"{"}get_order_id(){"}"}
stage-line = этап { $id }
no-ctrl-c = не удалось перехватить Ctrl-C: { $error }
repl-takes-no-event = события обрабатывает `calc run`: у REPL нет --event
repl-welcome = введите строку скрипта или :help; Ctrl-D завершает
not-committed-is-gone = то, что не сохранено через :commit, пропало
terminal-cannot-be-used = терминал недоступен: { $error }
no-tests-found = файлов с тестами нет: их имена кончаются на `{ $suffix }`
test-does-not-compile = { $name }: в скрипте ошибки
test-ok = ок
test-failed = СБОЙ
test-printed = напечатано:
test-count = пройдено { $passed }, не пройдено { $failed }
test-diff = - ожидалось, + получено
test-expected = ожидалось:
test-found = получено:
test-has-errors = в тесте ошибки
test-run-failed-with = { $name } завершился ошибкой: { $code } { $message }
test-run-failed = { $name } завершился ошибкой
test-found-expected = получено { $found }, ожидалось { $sign } { $expected }
test-expected-true = ожидалась истина, получено { $found }
number-of-problem = { $number }
test-blessed = { $name }: ожидаемых сообщений заменено — { $count }
scheduled-block-has-errors = в отложенном блоке ошибки
folder-without-blocks = { $name }: в этой папке нет блоков; блоки — это файлы вида 7.block или 7-welcome.block
block-in-two-files = блок { $block } лежит в двух файлах, { $one } и { $other }: уберите один
block-keeps-good-version = { $name }: в скрипте ошибки; остаётся последняя версия без ошибок
block-refused = { $name }: в скрипте ошибки; события для него не выполняются
not-json = не JSON: { $error }
neither-event-nor-confirmation = не событие и не подтверждение: { $error }
empty-event-id = id события пуст: задайте его или не указывайте вовсе
text-or-callback = у события бывает либо текст, либо callback
metrics-address = --metrics { $address }: { $error }; запишите адрес вида 127.0.0.1:9000
no-worker-threads = не удалось запустить потоки: { $error }
no-signals = не удалось перехватить сигналы: { $error }
worker-line-problem = строка { $line }: { $problem }
event-must-name-project = в базе данных несколько проектов: событие должно назвать один
no-block-to-run = блока { $block }, который можно выполнить, нет
confirmation-must-name-project = в базе данных несколько проектов: подтверждение должно назвать один
confirmation-not-awaited = подтверждено то, что этого не ждало

## Вызов команды

usage-heading = Использование:
usage-error = ошибка:
usage-tip = подсказка: { $tip }
usage-more = Подробнее: `--help`.
usage-unknown-argument = аргумента `{ $name }` нет
usage-argument-too-many = аргумент `{ $name }` лишний
usage-unknown-command = команды `{ $name }` нет
usage-value-missing = у `{ $name }` нет значения
usage-invalid-value = для `{ $name }` не годится значение `{ $value }`
usage-invalid-value-because = для `{ $name }` не годится значение `{ $value }`: { $reason }
usage-possible-values = возможные значения: { $values }
usage-arguments-missing = { $count ->
        [one] не хватает аргумента
       *[other] не хватает аргументов
    }: { $names }
usage-command-missing = не хватает команды
usage-argument-alone = `{ $name }` не сочетается с остальными
usage-argument-twice = `{ $name }` задают один раз
usage-conflict = `{ $name }` не сочетается с { $others }
usage-value-unexpected = у `{ $name }` лишнее значение `{ $value }`
usage-equals-missing = перед значением `{ $name }` нужен знак `=`
usage-not-utf8 = аргумент не в UTF-8
usage-not-a-number = это не целое число
usage-number-too-large = число слишком велико
usage-number-from = нужно число от { $from }
usage-number-between = нужно число от { $from } до { $to }
usage-languages = языки: { $known }
usage-similar-argument = есть `{ $name }`
usage-similar-command = есть команда `{ $name }`
usage-similar-value = есть значение `{ $value }`
usage-as-value = чтобы передать `{ $word }` как значение, запишите `{ $instead }`
usage-exists = есть `{ $command }`
help-commands = Команды
help-arguments = Аргументы
help-options = Параметры
help-options-word = ПАРАМЕТРЫ
help-command-word = КОМАНДА
help-values = Возможные значения:
help-default = по умолчанию: { $values }
help-environment = переменная среды: { $name }={ $value }

## Сервер для редактора

editor-protocol = редактор говорит не по протоколу: { $error }
editor-shutting-down = сервер завершает работу
editor-canceled = запрос отменён
editor-not-served = сервер не знает `{ $method }`
editor-parameters = параметры запроса не удалось прочитать: { $error }
editor-command = команды `{ $name }` нет
editor-settings = настройки `calc.`: { $problem }
editor-dialect = диалекта `{ $name }` нет, есть { $known }
editor-language = языка `{ $name }` нет, есть { $known }
file-not-open = файл не открыт
nothing-to-rename = здесь нет имени, которое можно изменить
not-a-name = `{ $name }` не годится для имени
variable-name-of-language = `{ $name }` — встроенная переменная
name-is-taken = имя `{ $name }` уже занято: два имени слились бы в одно
only-files-have-tests = тесты бывают только в файле: сохраните текст
test-file-does-not-compile = в файле с тестами ошибки
no-such-test = теста с таким именем нет
test-of-name-passed = ок: { $name }
test-of-name-failed = СБОЙ: { $name }: { $problem }
tests-of-names-failed = пройдено { $passed }, не пройдено { $failed }: { $names }
action-remove = Убрать
action-write = Заменить на `{ $text }`
action-fix-all = Исправить всё, в чём нет сомнений
lens-run-test = Запустить тест
hover-local = `{ $name }`: имя внутри этой функции или генератора списка
hover-never-set = `{ $name }`: переменная, которую не задаёт ни один файл в этой папке
hover-set-in = `{ $name }`: переменная, задаётся в
hover-fixture = В файле проекта: { $about }
variable-of-project = переменная проекта: { $value }
variable-of-client = переменная клиента { $id }: { $value }
variable-of-deal = переменная сделки { $id }: { $value }
visited-block = блок, в котором были клиенты
of-that-name = { $name }
function-of-file = функция из этого файла

## Базы данных

database-failed = { $what }: { $problem } ({ $detail })
database-of-name = база данных `{ $name }`
database-busy = в базу данных сейчас пишет кто-то другой
database-damaged = файл — не база данных или повреждён
database-inaccessible = файл не удалось открыть, прочитать или записать
database-refused = база данных не выполнила запрос
database-log-unreadable = в журнале базы данных `{ $name }` есть изменения, а прочитать их там, где нельзя писать, не получится: скопируйте файл вместе с `-wal` в другую папку
database-of-another-program = база данных `{ $name }` — другой программы: таблицы в ней есть, но не от `calc`
database-missing = базы данных `{ $name }` нет
database-without-tables = в базе данных `{ $name }` нет проектов: таблицы создаст `calc crm init`
database-file-unusable = файл базы данных `{ $name }` недоступен: { $problem }
database-file-gone = его больше нет
database-file-replaced = его удалили или заменили, пока он был открыт
database-log-replaced = его удалили или заменили, пока база данных была открыта
database-flush-failed = в базу данных `{ $name }` больше ничего не записывается: её журнал не удалось сохранить на диск ({ $problem }), и неизвестно, что из него там есть; проверьте диск, перезапустите программу и отправьте ещё раз то, что она не подтвердила
opening-database = открытие
looking-for-tables = поиск таблиц
preparing-tables = подготовка таблиц
another-process-holds = базу данных уже { $time } занимает другой процесс: повторите попытку
another-unit-holds = базу данных уже { $time } занимает другая операция: повторите попытку
count-of-seconds = { $seconds } с
shared-commit-lost = операция из той же фиксации прервала её; ничего не сохранено
connection-gone = соединения больше нет
schema-older = схема базы данных версии { $found }, а нужна { $needed }: её обновит `calc crm init`
schema-newer = схема базы данных версии { $found }, а эта программа знает { $known }: нужен `calc` новее
server-unusable = сервер PostgreSQL { $server } недоступен: { $problem }
server-no-answer = нет ответа за { $seconds } с
server-closed = соединение закрыто
server-encryption = ошибка шифрования: { $error }
server-certificate = sslrootcert { $file }: { $error }
server-no-certificate = нет сертификатов, которым можно доверять ({ $place }): укажите файл через sslrootcert=ФАЙЛ
system-certificates = системное хранилище сертификатов
server-without-tables = в базе данных нет таблиц этой программы: их создаст `calc crm init`
server-conflict = те же строки уже изменил кто-то другой
server-busy = кто-то другой слишком долго писал в те же строки
server-lost-in-commit = соединение с сервером оборвалось во время фиксации: сохранены ли изменения, неизвестно
server-lost = соединение с сервером оборвалось
server-damaged = сервер сообщает о повреждённых данных
server-refused = сервер не выполнил запрос
no-free-connection = нет свободного соединения с сервером PostgreSQL { $server }: { $error }
server-address = адрес сервера PostgreSQL записан неправильно: { $problem }; запишите postgres://ПОЛЬЗОВАТЕЛЬ:ПАРОЛЬ@СЕРВЕР:5432/БАЗА?sslmode=verify-full
server-seconds = { $setting } — не время в секундах от 0 до 86400
server-pool = { $setting } — не число соединений от 1 до 1000
server-pgbouncer = { $setting } — не `true` и не `false`
server-sslmode = { $setting } — не одно из значений disable, prefer, require, verify-ca и verify-full
read-has-changed = { $statement }: прочитанное успело измениться
others-keep-changing = то, что прочитал блок, другие изменили { $times } { $times ->
        [one] раз
        [few] раза
       *[other] раз
    } подряд: повторите попытку
project-gone = проекта { $project } больше нет
project-loaded-again = проект { $id } загружен заново
client-gone = клиента { $id } больше нет в базе данных
operator-gone = оператора { $id } больше нет в базе данных
current-deal-gone = текущей сделки { $id } больше нет в базе данных
session-not-opened = сеанс не открыт

## Испорченные данные в базе

row-too-short = в строке меньше столбцов, чем запрошено
column-unexpected = в столбце { $found }, а ожидается { $expected }
stored-not-a-time = `{ $number }` — не время
stored-text-not-utf8 = { $statement }: текст не в UTF-8
stored-neither-text-nor-number = { $statement }: в столбце не текст и не целое число
stored-zone-unknown = у проекта { $id } неизвестный часовой пояс `{ $zone }`
stored-locale-unknown = `{ $found }` — не язык проекта
stored-operator-status-unknown = `{ $found }` — не статус оператора
stored-deal-status-unknown = `{ $found }` — не статус сделки
stored-direction-unknown = `{ $found }` — не направление сообщения
stored-request-unknown = `{ $found }` — не поручение хосту
stored-budget-unknown = `{ $found }` — не бюджет
stored-date-unknown = `{ $found }` — не дата
stored-record-not-cells = сохранённая запись — не столбцы со значениями
stored-variable-not-json = сохранённая переменная — не JSON: { $error }
stored-outcome-unreadable = сохранённый итог события не удалось прочитать: { $error }
variable-not-json = переменную не удалось записать как JSON: { $error }
outcome-unwritable = итог не удалось записать: { $error }
no-id-left = счётчик проекта не выдал id
variables-of-lost-deal = есть переменные сделки { $id }, а самой сделки нет
rows-of-lost-table = есть данные таблицы { $id }, а самой таблицы нет
rows-of-lost-client = есть данные клиента { $id }, а самого клиента нет
clients-of-lost-list = в списке { $id } есть клиенты, а самого списка нет
clients-of-lost-label = у метки { $id } есть клиенты, а самой метки нет

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
unreachable-help = уберите её или поставьте выше той строки, которая завершает выполнение здесь
return-ends-function = `return` завершает функцию
break-ends-loop = `break` завершает цикл
continue-begins-iteration = `continue` начинает следующий проход
loop-never-ends = в цикле нет `break`
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
unchecked-deal-help = сохраните результат в переменной и вызывайте функцию, только если значение есть: `if x:`
no-stage = в проекте нет этапа с id { $id }
known-stages = его этапы: { $stages }
no-operator = в проекте нет оператора с почтой `{ $email }`
known-operators = его операторы: { $operators }
no-block = у бота нет блока с id { $id }
known-blocks = его блоки: { $blocks }

# Функции платформы, которые работают только там, где их даёт программа.
needs-host = функции `{ $name }` здесь нет
needs-host-help = это функция платформы ({ $group }), её должна давать программа, которая запускает скрипт; чтобы проверить скрипт здесь, добавьте `--absent none` или напишите функцию с таким именем сами
needs-host-here = функции `{ $name }` здесь нет: вызов ничего не сделает и вернёт None
needs-host-here-help = это функция платформы ({ $group }), она работает только там, где её даёт программа, которая запускает скрипт
absent-function = функции `{ $name }` здесь нет: вызов ничего не сделал и вернул None
absent-function-help = это функция платформы ({ $group }), она работает только там, где её даёт программа, которая запускает скрипт

# Группы функций платформы.
platform-advertising-cabinets = рекламные кабинеты
platform-ai = ИИ
platform-analytics = аналитика
platform-clients-and-dialogue = клиенты и диалог
platform-courses = курсы
platform-e-mail-sms = почта и SMS
platform-gamification = геймификация
platform-google-docs = Google Документы
platform-google-sheets-legacy = Google Таблицы, старые функции
platform-http-and-code = HTTP и код
platform-klientiks-booking = онлайн-запись Klientiks
platform-links = ссылки
platform-marketplaces = маркетплейсы
platform-messages-and-callbacks = сообщения и callback
platform-moysklad = МойСклад
platform-online-booking = онлайн-запись
platform-online-shop = интернет-магазин
platform-payments = оплата
platform-pictures-and-codes = картинки и коды
platform-telephony = телефония
platform-web-chat = онлайн-чат
platform-webinars = вебинары

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

## Значения внутри фраз

value-none = пусто
value-flag = логическое значение `{ $value }`
value-number = число `{ $value }`
value-text = текст `{ $value }`
value-list = список `{ $value }`
value-dict = словарь `{ $value }`
value-long-list = список из { $count } { $count ->
        [one] элемента
       *[other] элементов
    }
value-long-dict = словарь из { $count } { $count ->
        [one] записи
       *[other] записей
    }

## Действия над значениями

division-by-zero = деление на ноль
division-by-zero-help = проверьте делитель заранее: `if(x == 0, 0, 100 / x)`
result-not-finite = результат `{ $operator }` — не число или слишком большое число
operand-not-a-number = для `{ $operator }` нужно число, а здесь { $found }
operand-missing = для `{ $operator }` нужно число, а значения нет
operand-missing-help = сначала задайте переменной значение или выберите запасное через `get(...)` или `if(...)`
operands-do-not-fit = `{ $operator }` не применяется к таким значениям: { $left } и { $right }
text-in-calculation-help = в вычислениях годится только текст, в котором записано число
repeat-part-of-a-time = текст и список можно повторить только целое число раз, а здесь `{ $times }`
add-two-times = время нельзя сложить со временем: `{ $left }` + `{ $right }`
add-two-times-help = ко времени прибавляют число минут: `'15:00' + 90`
add-part-of-a-minute = к `{ $time }` нельзя прибавить `{ $number }` мин.: число должно быть целым
add-part-of-a-day = к `{ $date }` нельзя прибавить `{ $number }` дн.: число должно быть целым
round-first-help = сначала округлите: `round(x)`
date-out-of-range = `{ $date }` и ещё { $days } дн. — это вне лет от 1 до 9999
date-time-arithmetic = `{ $moment }` — дата со временем: для `+` и `-` непонятно, дни это или минуты
date-time-arithmetic-help = к дате примените `addDays(...)`, ко времени — `addMinutes(...)`
date-comes-first = число прибавляют к дате: `{ $date }` должна стоять первой
time-comes-first = число прибавляют ко времени: `{ $time }` должно стоять первым
moment-comes-first-help = запишите `'{ $moment }' + n`
subtract-mixed-moments = `{ $left }` и `{ $right }` не вычитаются: из даты вычитают дату, из времени — время
multiply-moment = `{ $moment }` — дата или время, умножать их нельзя

## Аргументы функций

kind-any = любое значение
kind-flag = True или False
kind-whole = целое число
kind-number = число
kind-text = текст
kind-list = список
kind-dict = словарь
kind-items = список или словарь
kind-sequence = список, словарь или текст
kind-date = дата dd.mm.yyyy
kind-time = время HH:MM
kind-client-id = id клиента
kind-deal-id = id сделки
kind-id = id
kind-ids = id или список id
argument-missing = ожидается { $expected }, а значения нет
argument-expected = ожидается { $expected }, а здесь { $found }
order-id-holds-two-help = в переменной `order_id` записаны и клиент, и сделка: id сделки возвращает `get_order_id()`
text-form-too-long = текст этого значения длиннее { $limit } МиБ

## Ограничения выполнения

memory-limit = значения этого скрипта занимают больше { $limit }
memory-limit-help = храните меньше в переменных; тексты и списки, которые удваиваются в цикле, растут очень быстро
size-mebibytes = { $count } МиБ
size-bytes = { $count } { $count ->
        [one] байта
       *[other] байт
    }
time-limit = скрипт выполнялся дольше { $seconds } с
time-limit-help = ищите цикл, который не кончается или делает слишком много
output-limit = скрипт печатает больше { $limit } { $limit ->
        [one] байта
       *[other] байт
    }
output-limit-help = печатайте меньше или не на каждом шаге цикла
step-limit = скрипту нужно больше { $limit } { $limit ->
        [one] шага
       *[other] шагов
    }
step-limit-help = ищите цикл, который не кончается: отчего его условие станет ложным?
too-much-text = выше слишком много текста без кавычек, внутри которого есть кавычки
too-much-text-help = возьмите тексты в кавычки
value-too-deep = списки и словари вложены глубже { $limit } { $limit ->
        [one] уровня
       *[other] уровней
    }
value-too-deep-help = список, который раз за разом кладут в самого себя, растёт в глубину: добавляйте его элементы через `+`
call-without-value = вызов ничего не вернул
run-ended-early = выполнение прервано
no-crm = CRM здесь нет, только значения
no-crm-help = выполните скрипт командой `calc run` или передайте движку хранилище

## Элементы списков, словарей и текстов

did-you-mean = возможно, имелось в виду `{ $name }`
did-you-mean-of-platform = возможно, имелось в виду `{ $name }`; этой функции здесь нет
position-not-whole = позиция { $container ->
        [text] в тексте
       *[list] в списке
     } — целое число, а здесь { $found }
position-not-whole-help = позиции считаются с 0; найти место значения поможет `index(list, value)`
position-in-nothing = позиции { $position } нет: { $container ->
        [text] текст
       *[list] список
     } пуст
position-of-one = позиции { $position } { $container ->
        [text] в тексте
       *[list] в списке
     } нет, там есть только позиция 0
position-out-of-range = позиции { $position } { $container ->
        [text] в тексте
       *[list] в списке
     } нет, там позиции от 0 до { $last }
position-out-of-range-help = сначала проверьте длину через `len(...)` или возьмите `get(x, i, default)`
position-past-the-end = позиция { $position } за концом списка: в нём { $length } { $length ->
        [one] элемент
        [few] элемента
       *[other] элементов
     }
position-past-the-end-help = новый элемент добавляют в конец: `x[len(x)] = ...` или `append(x, ...)`
item-of-no-value = здесь нет значения, элемент взять не из чего
item-of-no-value-help = сначала запишите в переменную список или словарь
value-without-items = здесь { $found }, элементов у него нет
value-without-items-help = `x[i]` берёт элемент списка или словаря либо символ текста
missing-key = в словаре нет ключа `{ $key }`
missing-key-help = сначала проверьте ключ через `exist_key(d, k)` или возьмите `get(d, k, default)`
bad-key = ключ словаря — текст или число, а здесь { $found }
bad-key-help = возьмите ключом текст или число
slice-of-no-value = здесь нет значения, часть взять не от чего
slice-of-no-value-help = сначала запишите в переменную список или текст
value-without-parts = здесь { $found }, частей у него нет
value-without-parts-help = `x[a:b]` берёт часть списка или текста
slice-bound-not-whole = границы среза — целые числа, а здесь { $found }
slice-bound-not-whole-help = запишите `x[1:3]` или опустите границу
item-of-text-set = часть текста изменить нельзя
item-of-text-set-help = составьте новый текст, например через `replace(...)`; если это текст списка, `x = json(x)` сделает из него список
item-of-nothing-set = ещё нет списка или словаря, куда записать этот элемент
item-of-nothing-set-help = сначала запишите туда `{"{}"}` или `[]`
value-without-settable-items = здесь { $found }, элементов для изменения у него нет
value-without-settable-items-help = `x[i] = ...` меняет элемент списка или словаря
loop-over-no-value = здесь нет значения, перебирать нечего
loop-over-no-value-help = сначала запишите в переменную список
not-iterable = такое значение нельзя перебрать: { $found }
not-iterable-help = цикл перебирает список, словарь или текст; для счёта есть `range(n)`
bad-pair = циклу с двумя именами нужен словарь или пары, а здесь { $found }
bad-pair-help = запишите `for k, v in items(d)` или `for i, x in enumerate(list)`
range-step-zero = шаг в `range` не может быть 0

## Общие функции

choice-from-empty-list = выбирать не из чего: список пуст
nothing-to-choose-from = выбирать не из чего: значений нет
nothing-to-choose-from-help = передайте хотя бы одно значение или непустой список
name-prefix-expected = ожидается начало имени переменной, а здесь { $found }
name-prefix-expected-help = имя начинается с буквы или `_`, дальше идут буквы, цифры и `_`
column-from-one = столбцы считаются с 1, а здесь `{ $found }`
no-such-column = от столбца `{ $column }` на `{ $count }` сместиться нельзя: такого столбца нет
column-letters-expected = ожидаются латинские буквы столбца таблицы, а здесь { $found }
degrees-expected = ожидаются градусы от -{ $limit } до { $limit }, а здесь `{ $found }`
at-least-one-button = в строке должна быть хотя бы 1 кнопка, а здесь `{ $found }`
zero-or-one-expected = ожидается 0 или 1, а здесь `{ $found }`
item-neither-text-nor-dict = элемент { $position } — не текст и не словарь, а { $found }
item-without-key = у элемента { $position } списка нет ключа `{ $key }`
key-of-dicts-missing = для списка словарей нужен ключ, значение которого показывать
pairs-expected = ожидаются пары из ключа и значения, а здесь { $found }
pair-expected = ожидается пара из ключа и значения, а здесь { $found }
item-not-a-number = элемент { $position } — не число, а { $found }
separator-empty = разделитель — пустой текст
separator-empty-help = символы текста по одному: `[c for c in s]`
at-least-one-part = ожидается хотя бы 1 часть, а здесь `{ $found }`
pattern-too-long = длина шаблона — не больше { $limit } байт, а здесь { $length }
pattern-too-large = он занимает слишком много памяти
pattern-bracket-open = скобка `(` не закрыта
pattern-bracket-extra = скобка `)` ничего не закрывает
pattern-repeats-nothing = перед `*`, `+`, `?` или `{"{"}…{"}"}` нечего повторять
pattern-too-deep = слишком глубокая вложенность
pattern-ends-in-backslash = после последней обратной черты ничего нет
pattern-escape = последовательности `{ $escape }` нет
pattern-hex = `\x…` или `\u…` не обозначает символ
pattern-class = набор символов `[…]` не закрыт или границы в нём перепутаны
pattern-flag = флага `{ $flag }` нет
pattern-flag-here = этот флаг здесь не задать
pattern-backreference = ссылка на группу, которой нет
pattern-group-name = неверное имя группы
pattern-recursion = он бесконечно ссылается сам на себя
pattern-otherwise = ошибка в записи: { $error }
pattern-search-broke-off = поиск оборвался
pattern-fails = по этому шаблону искать нельзя: { $reason }
not-a-pattern = `{ $pattern }` — неверный шаблон: { $reason }
not-a-pattern-help = чтобы искать сам символ `(`, `[`, `*`, `+` и подобные, поставьте перед ним `\`
pattern-limit = поиск по шаблону занял больше { $limit } мс
pattern-limit-help = повторы внутри повторов, например `(a+)+`, очень медленны, когда совпадения нет: уберите лишние
flat-list-help = держите значения в одном списке, а не в списках внутри списков
numbers-too-large = числа начиная с `{ $start }` слишком велики
json-too-deep = в этом JSON больше { $limit } { $limit ->
        [one] уровня
       *[other] уровней
     }
json-line-and-column = строка { $line }, столбец { $column }
json-character = символ { $character }
json-expected = ожидается текст JSON, а здесь { $found }; место ошибки: { $place }
interval-mixed = `{ $from }` и `{ $to }` не сочетаются: нужны два времени или две даты со временем
interval-end-expected = ожидается время `HH:MM` или дата со временем `dd.mm.yyyy HH:MM`, а здесь { $found }
calendar-ends = календарь кончается раньше этого дня
number-from-one-expected = ожидается число от 1 до { $most }, а здесь `{ $found }`
bad-format-help = например, `%d.%m.%Y %H:%M` — это `03.11.2011 09:30`; знак процента — `%%`
date-out-of-range-by = `{ $date }` и ещё { $count } { $unit ->
        [months] мес.
        [years] г.
        [weeks] нед.
       *[days] дн.
     } — это вне лет от 1 до 9999
exponent-too-large = `{ $found }` — слишком много: в результате больше 300 цифр
logarithm-base-one = логарифма по основанию 1 нет
negative-power-of-zero = у 0 нет отрицательных степеней, а здесь `{ $found }`
power-not-finite = `{ $base }` в степени `{ $exponent }` — не число или слишком большое число
high-below-low = `{ $high }` меньше нижней границы `{ $low }`
result-too-large = результат слишком велик
number-above-zero = число больше 0
number-within-one = число от -1 до 1
factorial-of-negative = факториал есть только у целых чисел от 0, а здесь `{ $found }`
factorial-too-large = факториал `{ $found }` слишком велик: наибольший — `fac(170)`
hmac-key-unusable = ключ не подходит
base64-expected = ожидается текст в base64, а здесь { $found }
algorithm-expected = ожидается `sha256`, `sha512`, `sha1` или `md5`, а здесь { $found }
encoded-not-text = ожидается закодированный текст, а здесь закодировано другое: { $found }
variable-name-expected = ожидается имя переменной, а здесь { $found }
bad-directive = `{ $directive }` ничего не значит в формате даты и времени
number-from-zero = число от 0

## Отказы функций CRM

unknown-deal = сделки `{ $id }` в этом проекте нет
unknown-deal-help = id текущей сделки возвращает `get_order_id()`
unknown-client = клиента `{ $id }` в этом проекте нет
unknown-stage = этапа `{ $id }` в этом проекте нет
stages-of-project = этапы этого проекта: { $list }
stages-of-project-first = первые из { $count } этапов этого проекта: { $list }
tables-of-project = таблицы этого проекта: { $list }
tables-of-project-first = некоторые таблицы этого проекта: { $list }
operators-of-project = операторы этого проекта: { $list }
operators-of-project-first = некоторые операторы этого проекта: { $list }
unknown-table = таблицы `{ $id }` в этом проекте нет
unknown-column = столбца `{ $column }` в таблице `{ $table }` нет
columns-backwards = последний столбец стоит перед первым
row-number-refused = { $number } — не номер и не число строк
too-many-records = { $count } записей за раз слишком много: возвращается не больше { $limit }
not-a-cell = нужна ячейка вида `B12`, а это { $found }
too-many-cells = за раз читается не больше { $limit } ячеек
not-an-algorithm = нужно `F`, `K`, `R` или число от 1 до 100, а это { $found }
nothing-wanted = не сказано, что искать: назовите столбец и что в нём должно быть
no-record-fits = подходящих записей нет
unknown-record = записи `{ $record }` в таблице `{ $table }` нет
no-such-columns = { $count ->
    [one] столбца { $columns } в таблице нет, он пропущен
   *[other] столбцов { $columns } в таблице нет, они пропущены
}
unknown-task = задачи `{ $id }` в этом проекте нет
lists-of-project = списки этого проекта: { $list }
lists-of-project-first = некоторые списки этого проекта: { $list }
labels-of-project = метки этого проекта: { $list }
labels-of-project-first = некоторые метки этого проекта: { $list }
unknown-list = списка `{ $id }` в этом проекте нет
unknown-list-name = списка с именем `{ $name }` в этом проекте нет
unknown-label = метки `{ $id }` в этом проекте нет
unknown-label-name = метки с именем `{ $name }` в этом проекте нет
label-name-taken = метка с именем `{ $name }` уже есть
list-not-empty = в списке `{ $id }` есть клиенты
label-not-empty = у метки `{ $id }` есть клиенты
not-empty-help = с `True` вторым аргументом удаление пройдёт всё равно
label-ids-expected = ожидается список id меток, а здесь { $found }
label-names-expected = ожидается список имён меток, а здесь { $found }
not-a-color = `{ $found }` — не цвет метки: цвета — от 0 до 9
unknown-operator = оператора `{ $email }` в этом проекте нет
unknown-deal-or-client = ни сделки, ни клиента `{ $id }` в этом проекте нет
deal-of-another-client = сделка `{ $deal }` не принадлежит клиенту `{ $client }`
scheduled-without-content = отложенному сообщению нужен блок или текст
timeout-expected = ожидаются секунды или дата и время, например `24.12.2026 18:30`, а здесь { $found }
nothing-to-send = нет текста, который отправить
callback-empty = callback нужен текст
callback-to-oneself = callback отправляют другому клиенту, а это клиент самого блока
unknown-account = клиента с идентификатором `{ $id }` в этом мессенджере у проекта нет
unknown-priority = `{ $found }` — не важность: 0 — обычная, 1 — успех, 2 — предупреждение, 3 — ошибка
no-pause = пауза не может длиться { $found } мин
unknown-block = блока `{ $id }` с названием в проекте нет
unknown-field = `{ $name }` — об операторах такого не известно: есть `description`, `email`, `phone`, `position` и `custom_field1`–`custom_field3`
client-not-linked = клиент `{ $id }` ни с кем не связан
client-linked-to-itself = клиента `{ $id }` нельзя связать с самим собой
too-many-scheduled = у клиента `{ $client }` уже { $count } { $count ->
        [one] отложенное сообщение
        [few] отложенных сообщения
       *[other] отложенных сообщений
     }, больше нельзя
comment-empty = комментарий пуст
name-empty = имя пустое
message-count-negative = число сообщений не может быть отрицательным, а здесь `{ $found }`
not-a-phone = `{ $phone }` — не телефон: в нём нет цифр
not-a-date = `{ $found }` — неверная дата: запишите её как `dd.mm.yyyy`
not-a-time = `{ $found }` — неверное время: запишите его как `HH:MM`
budget-not-a-number = бюджет — это число, а здесь { $found }
budget-not-a-number-help = текст годится, если в нём только число: `'3490'`, а не `'3490 руб'`
text-has-character-zero = в тексте есть символ с кодом 0, его нельзя сохранить
column-is-id = `ID` — не столбец: так называется id записи
column-name-empty = у столбца пустое имя
column-name-unstorable = столбец не может так называться: { $problem }
too-many-columns = столбцов в таблице стало бы { $count }, а хранится не больше { $limit }
cell-too-deep = значение для столбца `{ $column }` вложено глубже { $limit } уровней
record-too-long = в записи символов: { $length }, хранится не больше { $limit }
text-too-long = в тексте символов: { $length }, хранится не больше { $most }
message-too-long-help = отправьте меньше текста или несколько сообщений
underscore-name-not-stored = переменная, имя которой начинается с `_`, не сохраняется: `{ $name }`

## Ограничения на хранимые переменные

variable-name-unstorable = имя переменной `{ $name }` содержит символ с кодом 0, который нельзя сохранить
variable-name-too-long = в имени переменной `{ $name }` символов: { $length }, хранится не больше { $limit }
variable-too-long = в значении `{ $name }` символов: { $length }, хранится не больше { $limit }
variable-too-deep = значение `{ $name }` вложено глубже { $limit } уровней
too-many-variables = { $owner }: с `{ $name }` переменных стало бы { $count }, хранится не больше { $limit }
variables-of-client = клиент { $id }
variables-of-deal = сделка { $id }
variable-limit-help = удалите ненужное через `del x` или храните в одной переменной меньше

## Что изменилось в CRM

deal-created = создана сделка { $id }  { $name }, бюджет { $budget }, { $place }
deal-renamed = сделка { $id } переименована  { $new } (было { $old })
deal-budget-set = бюджет сделки { $id }  { $new } (было { $old })
deal-described = описание сделки { $id }  { $new }
deal-variable-set = переменная сделки { $id }  { $name } = { $value }
deal-variable-deleted = переменная сделки { $id } удалена  { $name }
deal-moved = сделка { $id } перемещена  { $place } (было { $old })
deal-status-set = статус сделки { $id }  { $new } (было { $old })
deal-deleted = сделка { $id } удалена  { $name }
deal-assigned = сделке { $id } назначен оператор  { $operator }
deal-reassigned = сделке { $id } назначен оператор  { $operator } (был { $old })
deal-active = активна
deal-success = успешна
deal-fail = провалена
deal-archive = в архиве
unprocessed = неразобранное
current-deal-set = сделка { $id } теперь текущая  клиент { $client }
no-current-deal = у клиента { $client } больше нет текущей сделки
client-created = создан клиент { $id }  { $client }
client-renamed = клиент { $id } переименован  { $new } (было { $old })
client-variable-set = переменная клиента { $id }  { $name } = { $value }
client-variable-deleted = переменная клиента { $id } удалена  { $name }
client-assigned = клиенту { $client } назначен оператор  { $operator }
client-reassigned = клиенту { $client } назначен оператор  { $operator } (был { $old })
operator-removed = у клиента { $client } снят оператор  { $operator }
client-queued = клиент { $client } ждёт распределения  до { $until } UTC
client-queued-forever = клиент { $client } ждёт распределения  рабочих дней впереди нет
note-added = клиенту { $client } добавлен комментарий  { $text }
unread-set = непрочитанных у клиента { $client }  { $new } (было { $old })
unsubscribed = клиент { $client } отписан
resubscribed = клиент { $client } снова подписан
client-blocked = клиент { $client } заблокирован
client-unblocked = клиент { $client } разблокирован
scheduled-deleted = отложенные сообщения клиента { $client } удалены  { $count }
message-scheduled = клиенту { $client } отложено сообщение  { $content }, на { $due } UTC
bot-paused = для клиента { $client } бот на паузе до { $until } UTC
bot-resumed = для клиента { $client } бот больше не на паузе
client-linked = клиент { $client } связан с { $main }
client-unlinked = у клиента { $client } больше нет главного клиента
callback-requested = клиенту { $client } callback для бота  { $text }
block-requested = клиенту { $client } выполнить блок { $block }
block-requested-with-text = клиенту { $client } выполнить блок { $block }  с сообщением { $text }
removal-requested = у клиента { $client } удалить сообщение { $ids }
notification-requested = о клиенте { $client } уведомить { $operators }  { $text }
scheduled-block = блок { $block }
task-created = создана задача { $id }  { $name } для { $operator }, срок { $due }
task-updated = задача { $id } изменена  { $name } для { $operator }, срок { $due }
task-done = задача { $id } выполнена  { $name }
column-added = столбец { $name } добавлен в таблицу { $table }
record-created = запись { $id } добавлена в таблицу { $table }  { $cells }
record-updated = запись { $id } таблицы { $table } изменена  { $cells }
record-deleted = запись { $id } таблицы { $table } удалена
task-deleted = задача { $id } удалена  { $name }
list-created = создан список { $id }  { $name }
list-joined = клиент { $client } добавлен в список { $id }  { $name }
list-left = клиент { $client } убран из списка { $id }  { $name }
list-cleared = из списка { $id } убраны все клиенты  { $name }: { $count }
list-deleted = список { $id } удалён  { $name }
label-created = создана метка { $id }  { $name }, цвет { $color }
label-attached = метка { $id } поставлена клиенту { $client }  { $name }
label-detached = метка { $id } снята с клиента { $client }  { $name }
label-cleared = метка { $id } снята со всех клиентов  { $name }: { $count }
label-deleted = метка { $id } удалена  { $name }
message-received = клиент { $client } написал  { $text }
callback-received = бот получил callback  { $text } для клиента { $client }
message-queued = сообщение клиенту { $client } в очереди  { $text }
message-refused = сообщение клиенту { $client } не отправлено  { $reason }: { $text }
refused-blocked = клиент заблокирован
refused-unsubscribed = клиент отписан
refused-otherwise = { $reason }
error-recorded = ошибка записана в историю клиента { $client }  { $error }
visit-recorded = клиент { $client } прошёл блок { $block }
variables-of-draft = черновик клиента { $id }
variables-of-file = файл

## Имена, вызовы и функции

unknown-function = функции `{ $name }` нет
unknown-function-help = все функции показывает `calc doc`; свою функцию задают через `def`
write-help = запишите `{ $code }`
argument-after-named = аргумент без имени стоит после аргумента с именем
named-argument-label = у этого есть имя
argument-after-named-help = аргументы вида `имя=` ставьте последними
argument-twice = аргумент `{ $name }` передан дважды
argument-order-help = порядок такой: `{ $signature }`
unknown-keyword = у `{ $function }` нет аргумента `{ $name }`
takes-no-arguments = `{ $function }` не принимает аргументов, а передано { $given }
takes-arguments = `{ $function }` принимает { $count } { $count ->
        [one] аргумент
        [few] аргумента
       *[other] аргументов
     }, а передано { $given }
takes-at-most = `{ $function }` принимает не больше { $count } { $count ->
        [one] аргумента
       *[other] аргументов
     }, а передано { $given }
arguments-missing = для `{ $function }` нужно ещё: { $missing }
def-inside = функцию можно задать только на верхнем уровне скрипта
def-inside-help = вынесите `def` из блока в начало строки
return-outside = `return` вне функции
return-outside-help = у скрипта нет `return`; лишнее пропускают через `if`
break-outside = `{ $word }` вне цикла
break-outside-help = его место — внутри блока `for` или `while`
function-name-of-language = `{ $name }` — уже встроенная функция
function-twice = функция `{ $name }` в этом скрипте уже есть
rename-function-help = дайте своей функции другое имя
rename-one-help = переименуйте одну из двух
too-many-parameters = у функции не больше { $limit } { $limit ->
        [one] параметра
       *[other] параметров
     }, а здесь { $count }
too-many-parameters-help = передайте список или словарь с этими значениями
parameter-twice = параметр `{ $name }` назван дважды

## Предупреждения

builtin-variable-hidden = `{ $name }` — встроенная переменная, и эта строка скроет её во всей сделке
rename-variable-help = дайте своей переменной другое имя
comparison-without-effect = сравнение есть, а его результат никуда не идёт
comparison-without-effect-help = чтобы задать переменную, запишите `=`
call-without-effect = значение вычислено и нигде не используется
call-without-effect-help = функция возвращает новое значение: сохраните его через `x = ...`
line-without-effect = эта строка ничего не делает
line-without-effect-help = сохраните значение через `x = ...` или удалите строку
word-kept-as-text = имени `{ $name }` нет, поэтому это просто текст
word-without-value = `{ $name }` нигде не задано, значения у него нет
write-in-quotes-help = запишите в кавычках: `{ $quoted }`
if-text-write-in-quotes-help = если это текст, запишите его в кавычках: `{ $quoted }`
message-after-unsubscribe = здесь клиента отписывают, поэтому сообщение этого блока не уйдёт
message-after-block = здесь клиента блокируют, поэтому сообщение этого блока не уйдёт
this-message-label = это сообщение
refused-message-help = отправьте сообщение отдельным блоком, а `{ $function }()` вызовите в следующем, без сообщения
input-failed = ввод не выполнен
source-limit = в скрипте { $count } { $count ->
        [one] байт
        [few] байта
       *[other] байт
     }, допускается не больше { $limit }
source-limit-help = разделите его на несколько блоков
limit-too-high = предел `{ $name }` — не больше { $most }, а здесь { $found }
unknown-limit = предела `{ $name }` нет, есть { $known }
slice-step-zero = шаг среза не может быть 0
slice-step-zero-help = каждый второй элемент — `x[::2]`
variable-mistaken-for = в переменной `{ $name }` { $holds }, а ожидается { $expected }
order-id-holds = клиент и сделка вместе

## Тексты, числа и символы, которые нельзя прочитать

comment-open = этот комментарий не закрыт
comment-open-help = запишите `*/` там, где комментарий кончается
text-open = текст, который начинается с этой кавычки `{ $quotes }`, не закрыт
text-open-help = поставьте `{ $quotes }` там, где текст кончается; текст в несколько строк пишут между `{ $triple }`
text-open-triple-help = поставьте `{ $quotes }` там, где текст кончается
placeholder-open = подстановка `#{"{"}` не закрыта
placeholder-open-help = поставьте `{"}"}` после переменной; если нужны сами символы, запишите `\#{"{"}`
placeholder-open-sent = подстановка `#{"{"}` не закрыта, поэтому уйдёт клиенту как есть
placeholder-empty = между `#{"{"}` и `{"}"}` ничего нет
placeholder-empty-help = запишите имя переменной: `#{"{"}name{"}"}`
text-in-other-quotes = текст взят в `{ $quote }` (U+{ $code }), а нужны прямые кавычки
text-in-backticks = текст взят в обратные апострофы (U+0060), а нужны прямые кавычки
text-ends-in-other-quote = текст начинается с `{ $first }`, а кончается на `{ $last }` (U+{ $code })
text-begins-in-other-quote = текст начинается с `{ $first }` (U+{ $code }), а кончается на `{ $last }`
doubled-quotes = кавычки удвоены: `{ $quotes }`
quote-inside-text = текст кончается на первой такой же кавычке
quote-inside-text-help = кавычку внутри текста запишите как `\{ $quote }`
opening-quote-missing = текст кончается кавычкой `{ $quote }`, но не начинается с неё
character-without-meaning = `{ $character }` здесь ничего не значит
character-without-meaning-help = уберите этот символ, а если он часть текста, возьмите текст в кавычки
number-ends-in-point = после точки должны идти цифры: `{ $number }`
number-ends-in-point-help = запишите `{ $number }0` или `{ $whole }`
not-a-number = `{ $text }` не число
not-a-number-help = дата или номер версии — это текст, ему нужны кавычки: `{ $quoted }`
neither-number-nor-name = `{ $text }` не число и не имя
neither-number-nor-name-help = имя не может начинаться с цифры; если это текст, возьмите его в кавычки: `{ $quoted }`
leading-zero = число не может начинаться с 0: `{ $number }`
leading-zero-help = чтобы сохранить нули, запишите `'{ $number }'`; если это число, уберите их
number-too-large = это число слишком велико
number-too-large-help = если это текст, возьмите его в кавычки
invisible-character = здесь невидимый символ: U+{ $code } ({ $name })
invisible-character-help = уберите его: сотрите соседние символы и наберите их заново
unusual-space-help = поставьте обычный пробел
line-ends-invisibly = строка кончается невидимым символом: U+{ $code } ({ $name })
line-ends-invisibly-help = закончите строку клавишей Enter
pasted-character = `{ $character }` (U+{ $code }, { $name }) — это не `{ $meant }`
pasted-character-without-meaning = `{ $character }` (U+{ $code }, { $name }) здесь ничего не значит
letter-multiplies = буква `{ $letter }` не умножает
letter-multiplies-help = чтобы умножить, запишите `{ $product }`; если это текст, запишите `{ $text }`
character-full-width = полноширинный символ `{ $plain }`
character-en-dash = короткое тире
character-em-dash = длинное тире
character-minus-sign = знак «минус»
character-figure-dash = цифровое тире
character-horizontal-bar = горизонтальная черта
character-hyphen = типографский дефис
character-no-break-hyphen = неразрывный дефис
character-multiplication-sign = знак умножения
character-multiplication-x = крест умножения
character-middle-dot = точка посередине
character-bullet-operator = жирная точка умножения
character-dot-operator = точка умножения
character-division-sign = знак деления
character-division-slash = косая черта деления
character-fraction-slash = дробная черта
character-less-than-or-equal-to = знак «меньше или равно»
character-greater-than-or-equal-to = знак «больше или равно»
character-almost-equal-to = знак «приблизительно равно»
character-identical-to = знак тождества
character-low-quotation-mark = нижняя кавычка
character-full-width-comma = полноширинная запятая
character-ideographic-comma = иероглифическая запятая
character-full-width-semicolon = полноширинная точка с запятой
character-greek-question-mark = греческий знак вопроса
character-full-width-colon = полноширинное двоеточие
character-ratio = знак отношения
character-raised-colon = приподнятое двоеточие
character-asterisk-operator = звёздочка-оператор
character-superscript = верхний индекс
character-fraction = дробь
character-ellipsis = многоточие
character-bullet = маркер списка
character-zero-width-space = пробел нулевой ширины
character-zero-width-non-joiner = разделитель нулевой ширины
character-zero-width-joiner = соединитель нулевой ширины
character-word-joiner = соединитель слов
character-invisible-operator = невидимый знак действия
character-without-shape = символ без начертания
character-byte-order-mark = метка порядка байтов
character-soft-hyphen = мягкий перенос
character-direction-mark = знак направления письма
character-line-separator = разделитель строк
character-control-character = управляющий символ
character-variation-selector = селектор начертания
character-unusual-space = необычный пробел

## Имена

odd-letters = { $count ->
    [one] буква { $letters } в `{ $word }` — { $alphabet ->
        [cyrillic] кириллическая
       *[latin] латинская
     }
   *[other] буквы { $letters } в `{ $word }` — { $alphabet ->
        [cyrillic] кириллические
       *[latin] латинские
     }
 }
one-alphabet-help = запишите `{ $name }` буквами одного алфавита
name-too-long = в имени не больше { $limit } символов
keyword-as-name = `{ $word }` — служебное слово, переменную так назвать нельзя
choose-name-help = выберите другое имя, например `{ $name }`
name-with-dash = в имени не бывает дефиса: `{ $name }`
name-with-space = в имени не бывает пробела: `{ $name }`
digit-begins-name = имя не может начинаться с цифры: `{ $name }`
name-with-sign = имя переменной пишется без `{ $sign }`
member-is-function = `{ $function }` — функция, через точку её не читают
called-without-object = здесь `{ $function }` вызывают без `{ $object }`
called-with-dot = через точку функции не вызывают: `{ $function }(...)` получает значение аргументом
functions-without-dot = через точку функции не вызывают
dot-reads-no-entry = через точку элемент значения не прочитать
entry-help = элемент словаря читают так: `{ $code }`
client-prefix = переменная клиента начинается с `client.`, а не с `{ $object }.`
project-prefix = переменная проекта начинается с `project.`, а не с `{ $object }.`
deal-without-prefix = переменные сделки пишут без приставки
deal-set-with-function = `{ $member }` сделки задают функцией
deal-id-function = идентификатор сделки возвращает `get_order_id()`
no-such-word = здесь нет `{ $word }`
no-objects-help = переменную пишут без точки, а элемент словаря читают так: `x['name']`
dash-subtracts = в имени не бывает дефиса: `{ $name }` — это вычитание
variable-called = `{ $name }` — переменная, вызвать её нельзя
variable-called-help = элемент читают так: `{ $name }['key']`, само значение — `{ $name }`
variable-called-with = `{ $name }` — переменная: её элемент читают в квадратных скобках
called-here-help = здесь это `{ $signature }`
nearest-help = ближе всего `{ $code }`
function-without-brackets = `{ $name }` — функция, а без скобок она не вызывается

## Строки, записанные не так

found-expected = здесь { $found }, а ожидается { $expected }
does-not-belong = здесь лишнее: { $found }
end-of-line = конец строки
indentation-here = отступ
expected-value = значение
expected-name = имя
expected-block = блок с отступом
expected-operator = знак операции
inside-bracket-label = внутри этой скобки
value-after-operator-help = допишите значение после знака операции
target-help = слева от `=` стоит имя переменной или элемент `x[i]`
target-text-help = имя переменной пишут без кавычек: `x = 5`
target-number-help = переменная стоит слева: `x = 5`
target-slice-help = задавайте элементы по одному: `x[0] = ...`
target-dynamic-help = храните такие значения в словаре: `d['q#{"{"}i{"}"}'] = ...`
compare-help = для сравнения запишите `==`
cannot-assign = { $what ->
    [text] тексту
    [number] числу
    [call] вызову
    [slice] срезу
    [dynamic] имени с `#{"{"}{"}"}`
    [calculation] вычислению
   *[other] этому
 } нельзя присвоить значение
comma-missing = не хватает `,` или знака операции, а дальше { $found }
comma-missing-help = разделите значения запятой `,`, а тексты соедините через `+`
operator-missing = перед этим не хватает знака операции: { $found }
operator-missing-help = тексты соединяют через `+`
colon-ends-head = строка, которая начинается с `{ $word }`, кончается двоеточием `:`
second-statement = здесь в той же строке начинается вторая команда
second-statement-help = перенесите `{ $statement }` на отдельную строку или поставьте перед ней `;`
text-without-quotes = текст нужно взять в кавычки
not-callable = вызвать можно только функцию по имени
not-callable-help = поставьте перед скобкой знак операции, например `*`, или имя функции
write-here-help = поставьте здесь `{ $code }`
write-in-next-line-help = перенесите `{ $code }` на следующую строку
bracket-open = скобка `{ $bracket }` не закрыта
bracket-open-help = поставьте `{ $closing }` там, где она закрывается
bracket-missing-label = перед этим не хватает `{ $closing }`
bracket-closes-nothing = нет открытой скобки, которую закрывала бы `{ $bracket }`
bracket-closes-nothing-help = уберите её или поставьте раньше открывающую скобку
bracket-closes-another = `{ $found }` не закрывает `{ $open }`
opened-label = открыта здесь
indentation-matches-nothing = отступ этой строки не совпадает ни с одним блоком выше
indentation-matches-nothing-help = начните строку ровно под той, к которой она относится
indentation-ignored = этот отступ не учитывается: строкой выше блок не начинается
indentation-ignored-help = начните строку вровень с предыдущей
indentation-unexpected = у строки отступ, но строкой выше блок не начинается
indentation-unexpected-help = уберите пробелы в начале строки, а если строка выше — это `if`, `for`, `while` или `def`, закончите её двоеточием `:`
tabs-and-spaces = в отступах этого блока смешаны табуляция и пробелы
tabs-and-spaces-help = делайте отступы только пробелами, по четыре на уровень
block-missing = после этого `:` нужна строка с отступом
block-begins-label = блок начинается здесь
block-missing-help = сдвиньте строки блока на четыре пробела, а если делать ничего не нужно, запишите `pass`
calculation-over-lines = вычисление само не продолжается на следующей строке, даже если она начинается с `{ $sign }`
calculation-over-lines-help = возьмите всё вычисление в скобки `(...)` или закончите строку выше знаком `\`
message-in-script = строка `---` начинает сообщение, а в файле скрипта его нет
message-in-script-help = назовите файл `ИМЯ.block`: калькулятор, строка `---`, затем сообщение
message-after-spaces-help = удалите пробелы после `---`: с ними сообщение блока не начинается
nested-too-deep = вложенность здесь глубже, чем { $limit }
nested-too-deep-help = разбейте: вынесите части в отдельные переменные или функции
loop-names = в цикле одно имя или два, не больше
loop-names-help = остальное возьмите из элемента внутри цикла: `a = item[2]`
colon-missing = после этого `{ $word }` не хватает `:`
equals-in-condition = `=` задаёт переменную, а не сравнивает
equals-in-condition-help = чтобы проверить, равны ли два значения, запишите `==`
not-a-comparison = `{ $sign }` — не сравнение
if-value-as-head = строка, которая начинается с `if(..., ...)`, — это значение, а не начало блока
if-value-as-head-help = возьмите всё условие в скобки: `if ({ $condition }):`
if-takes = в `if(...)` два или три значения
if-takes-help = запишите `if(условие, значение_если_да, значение_если_нет)`
slashes-divide = `//` делит, а не начинает комментарий
else-without-if = у этого `{ $word }` нет своего `if`
else-without-if-help = `{ $word }:` должен стоять сразу после блока `if`, вровень с этим `if`
else-if-is-elif = здесь `else if` пишут одним словом
else-has-condition = у `else` нет условия
else-on-the-line = `{ $word }` должен стоять на отдельной строке
kept-as-text = это не вычисление, поэтому осталось текстом

## Тексты без кавычек, числа и даты, как их пишут люди

address-without-quotes = адрес почты нужно взять в кавычки
handle-without-quotes = имя с `@` — это текст, ему нужны кавычки
link-without-quotes = ссылку нужно взять в кавычки
time-without-quotes = время нужно взять в кавычки
phone-without-quotes = телефон нужно взять в кавычки
date-without-quotes = дату нужно взять в кавычки
full-year-help = запишите `{ $date }`: год из четырёх цифр
day-first-help = запишите `{ $date }`: сначала день
number-with-points = в числе не больше одной точки; текст нужно взять в кавычки
number-with-spaces = в числе нет пробелов
number-with-separators = тысячи в числе не отделяют, а дробная часть начинается с точки
number-with-comma = дробная часть числа отделяется точкой
number-with-unit = число пишут без единиц: `{ $unit }` здесь лишнее
number-or-text-help = для вычислений запишите `{ $number }`; если это текст, запишите `{ $quoted }`
thousands-or-fraction-help = если это тысячи, запишите `{ $thousands }`, если дробь — `{ $fraction }`
calculate-or-text-help = запишите `{ $code }`; если это текст, возьмите его в кавычки: `{ $text }`
list-in-round-brackets = список пишут в квадратных скобках

## Слова и знаки других языков

written-here = вместо `{ $written }` здесь пишут `{ $meant }`
value-or-text-help = запишите `{ $code }`; если это текст, запишите `'{ $name }'`
needless-word = `{ $word }` здесь не нужно
needless-word-in-for = в `for` здесь нет `{ $word }`
then-word = `{ $word }` здесь не нужно: условие кончается двоеточием `:`
declaration-help = переменную не объявляют: запишите `{ $name } = ...` там, где она впервые получает значение
declared-type = типы переменных здесь не указывают
import-help = все функции доступны и так: уберите строку
try-help = функции CRM не завершаются ошибкой: они возвращают `None` или `False`, и это проверяет `if`; уберите `try` и `except`
except-help = функции CRM не завершаются ошибкой: они возвращают `None` или `False`, и это проверяет `if`
raise-help = чтобы пропустить лишнее, используйте `if`
class-help = храните связанное в словаре: `x = {"{"}'name': 'Анна', 'age': 30{"}"}`
with-help = запишите строки блока без него
global-help = функция возвращает результат: `x = f()`
yield-help = соберите значения в список через `append` и верните его
switch-help = сравнивайте так: `if question == 'да':`, затем `elif question == 'нет':`, затем `else:`
case-help = сравнивайте через `if` и `elif`
repeat-help = повторяйте через `while x < 5:` и блок с отступом
begin-help = блок начинается с `:` в строке выше и кончается там, где кончается отступ: уберите эту строку
unless-help = запишите `if not ...:`
block-end-help = блок кончается там, где кончается отступ: уберите строку
sql-help = таблицы читают и меняют функциями: их список показывает `calc doc`
decorator = декораторов здесь нет, поэтому `@` ничего не значит
decorator-help = уберите строку
arrow-function = стрелочных функций здесь нет
arrow = `=>` не задаёт переменную и не сравнивает
arrow-help = чтобы задать `{ $name }`, запишите `{ $name } = { $value }`; чтобы сравнить — `{ $name } >= { $value }`
lambda-help = определите функцию: `def f(a):`, а на следующей строке `    return a + 1`
several-targets = один знак `=` задаёт одну переменную
several-targets-help = задайте их по очереди: { $lines }
counting-loop = `for` перебирает элементы списка
counting-loop-help = чтобы считать от 0 до 4, запишите `for { $name } in range(5):`
def-without-brackets = после имени функции идут скобки: `def { $name }():`
several-deleted = один `del` удаляет одну переменную
instead-of-case = запишите `if(условие, a, b)`
instead-of-isnan = запишите `not is_float(x)`
choice-without-else = для `if` между значениями нужен `else`
choice-without-else-help = запишите `{ $name } = { $value } if { $condition } else ...` или `if { $condition }: { $name } = { $value }`
formula-without-name = перед `=` ничего нет: назовите переменную, которая получит значение
list-mark = `{ $mark }` осталось от списка, строка так не начинается
code-fence = строка из обратных апострофов отмечает код в чате и в сам код не входит
cells = ячеек таблицы здесь нет
cells-help = держите значения в списке, `цены = [300, 500]`, и складывайте их через `sum(цены)`
equals-in-dict = в словаре между ключом и значением ставят `:`
misspelt-keyword = слова `{ $word }` в языке нет: возможно, это `{ $meant }`
for-without-in = между переменной и тем, что перебирает цикл, не хватает `in`
comparison-without-left = между `{ $operator }` и сравнением ничего нет
comma-in-condition = условия соединяют словами `and` или `or`, а не запятой
comma-between-statements = команды в одной строке разделяет `;`
generator = элементы списка стоят в квадратных скобках
braces-twice = хватит одной пары фигурных скобок
letter-in-number = в числе стоит буква `{ $letter }`
text-over-lines = текст в кавычках `{ $quotes }` кончается в своей строке
text-over-lines-help = текст из нескольких строк пишут между `{ $triple }`
remove-line-help = уберите эту строку
one-equals = хватит одного `=`
choice-sign = знака `?` здесь нет: одно из двух значений выбирает `if(условие, a, b)`
semicolon-separates = значения разделяют запятой `,`
per-cent = `%` — остаток от деления, а не процент
arguments-need-brackets = аргументы `{ $function }` пишут в скобках
word-is-function = вместо `{ $word }` здесь функция `{ $function }(x)`
type-of-help = запишите `{ $call }`: возвращает `'int'`, `'float'`, `'str'`, `'bool'`, `'list'`, `'dict'` или `'None'`
braces-around-block = фигурных скобок у блока нет: он начинается с `:`, а его строки пишут с отступом
braces-around-block-help = запишите `{ $head }:`, уберите `{"{"}` и `{"}"}`, а строки блока сдвиньте отступом
other-comment = `{ $mark }` не начинает комментарий
other-comment-help = запишите `# { $text }`; комментарий в несколько строк — `/* ... */`
placeholder-for-comment = `#{"{"}` начинает подстановку, а не комментарий
placeholder-for-comment-help = для комментария запишите `# { $text }`, для подстановки поставьте `{"}"}` после имени переменной
other-placeholder = `{ $written }` здесь не подстановка
other-placeholder-help = для значения переменной запишите `{ $name }`, внутри текста — `#{"{"}{ $name }{"}"}`
prefixed-text = перед текстом не ставят `{ $prefix }`
prefixed-template = перед текстом не ставят `{ $prefix }`, а подстановки в нём — `#{"{"}...{"}"}`
prefixed-template-help = значения подставляют в текст через `#{"{"}name{"}"}`, с двумя знаками — `#{"{"}round(x, 2){"}"}`
format-call = значения подставляют в текст через `#{"{"}...{"}"}`
format-call-help = запишите `#{"{"}{ $name }{"}"}` в том месте текста, где нужно значение
placeholder-format = формата после `:` в подстановке нет
instead-of-map = соберите список так: `[str(x) for x in list]`
instead-of-filter = соберите список так: `[x for x in list if x > 0]`
instead-of-reduce = сложите в цикле `for` или через `sum(list)`
instead-of-input = ответ клиента — в переменной `question`
instead-of-format = подставьте значения в текст через `#{"{"}name{"}"}`
instead-of-pop = прочитайте элемент через `x[-1]`, затем удалите его: `del x[-1]`
instead-of-nothing = здесь такого нет
instead-of-coalesce = запишите `x or 'запасное'`
instead-of-switch = запишите `if`, `elif` и `else`
instead-of-lookup = храните пары в словаре и читайте через `get(d, key)`
instead-of-and = запишите `a and b`
instead-of-or = запишите `a or b`
instead-of-not = запишите `not a`
instead-of-datediff = вычтите даты: `'25.11.2026' - current_date` — число дней между ними
instead-of-average = запишите `sum(list) / len(list)`
instead-of-date-part = возьмите часть из текста даты: `splitter(current_date, '.')`
instead-of-left = первые три символа — `x[:3]`
instead-of-reverse = запишите `x[::-1]`
instead-of-update = списки складывают: `a + b`; запись словаря задают так: `d['ключ'] = значение`
instead-of-padding = нули перед числом ставят так: `('000' + n)[-3:]`
instead-of-iferror = сначала проверьте, можно ли считать: `if(b != 0, a / b, 0)`
instead-of-countif = количество — `len([x for x in список if x == 'значение'])`, сумма — `sum([x for x in список if x > 5])`
instead-of-mod = остаток от деления — `a % b`
instead-of-weekday = день недели — в переменной `weekday`: понедельник — 1
instead-of-isblank = запишите `x == None`: пустой текст тоже считается отсутствием значения
instead-of-date = дата — это текст: `'20.11.2026'`
instead-of-right = последние три символа — `x[-3:]`

## Предупреждения проверки

arguments-swapped = { $first } стоит на месте `{ $parameter }`, а { $second } — на месте `{ $other }`
id-not-a-number = `{ $parameter }` — идентификатор, а { $found } не число
id-not-a-number-help = запишите вместо названия идентификатор: это число
argument-not-a-date = { $found } не дата
argument-not-a-time = { $found } не время
argument-not-a-number = `{ $parameter }` — число, а { $found } не число
argument-not-an-address = { $found } не адрес почты
date-form-help = дату пишут как дд.мм.гггг, и такой день должен существовать
nearly-date-form-help = запишите `'{ $date }'`: дата — это дд.мм.гггг
time-form-help = время пишут как ЧЧ:ММ, от 00:00 до 23:59
number-form-help = запишите число, например `100`
address-form-help = запишите адрес, с которым оператор входит в систему: `'olga@example.com'`
look-alike-name = `{ $name }` нигде не задано: { $letters }
write-as-above-help = запишите `{ $name }`, как там, где задано значение
calculates-with-comment = `{ $mark }` не начинает комментарий: здесь вычисление со словом без значения
will-fail = при выполнении здесь будет ошибка: { $problem }
calculated-text = здесь числа { $action ->
    [divides] делятся
   *[subtracts] вычитаются
 }: { $what ->
    [phone] телефон
   *[date] дату
 } нужно взять в кавычки
loop-over-number = при выполнении здесь будет ошибка: у числа нет элементов, перебирать нечего
count-from-zero-help = чтобы считать от 0, запишите `{ $code }`
deleted-by-comment = так `{ $name }` удаляется: после `#` идёт комментарий
deleted-by-comment-help = если это текст, запишите `{ $name } = '{ $comment }'`; если переменную нужно удалить — `del { $name }`
deleted-before-comment = так `{ $name }` удаляется: после `=` стоит только комментарий
deleted-before-comment-help = запишите значение после `=`; если переменную нужно удалить — `del { $name }`
value-or-placeholder-help = запишите `{ $code }`, внутри текста — `#{"{"}{ $name }{"}"}`
no-such-day-in-text = `{ $text }` не дата: такого дня нет
text-nearly-date = `{ $text }` не читается как дата, поэтому с датами здесь не посчитать
text-nearly-number = `{ $text }` — текст, а не число
sent-as-written = `{ $text }` уйдёт клиенту как есть
placeholder-help = для значения `{ $name }` запишите `{ $code }`
underscore-without-value = у `{ $name }` здесь нет значения: имена с `_` в начале не сохраняются
underscore-without-value-help = запишите выше `{ $name } = 0`

## Из чего состоит сообщение

severity-error = Ошибка
severity-warning = Предупреждение
severity-notice = Замечание
help-word = Подсказка

## О чём каждый код

title-unclosed-comment = комментарий не закрыт
title-unclosed-string = текст не закрыт
title-curly-quote = типографские кавычки вместо прямых
title-mixed-alphabets = буквы двух алфавитов в одном имени
title-bad-number = число записано неправильно
title-unexpected-character = символ, который здесь ничего не значит
title-unclosed-placeholder = `#{"{"}` без закрывающей `{"}"}`
title-invalid-utf8 = байты не в UTF-8
title-name-too-long = слишком длинное имя
title-unexpected-token = лишнее на этом месте
title-two-statements = две команды в одной строке
title-assignment-in-condition = `=` там, где нужно `==`
title-missing-colon = не хватает `:`
title-unclosed-bracket = скобка не закрыта
title-wrong-bracket = закрывающая скобка не той пары
title-else-if = `else if` вместо `elif`
title-unexpected-indentation = отступ там, где блок не начинается
title-missing-block = не хватает блока
title-bad-indentation = отступы не совпадают
title-else-without-if = `else` или `elif` без `if`
title-bad-target = этому нельзя присвоить значение
title-unquoted-text = текст без кавычек
title-method-call = вызов через точку
title-nested-too-deep = слишком глубокая вложенность
title-return-outside = `return` вне функции
title-break-outside = `break` или `continue` вне цикла
title-def-inside = `def` внутри блока
title-bad-if = не то число значений в `if(...)`
title-keyword-as-name = служебное слово вместо имени
title-not-callable = вызов того, что не является именем функции
title-slash-comment = `//` вместо комментария
title-foreign-word = слово другого языка
title-foreign-operator = знак операции другого языка
title-foreign-braces = фигурные скобки вокруг блока
title-foreign-placeholder = подстановка из другой программы
title-bad-name = недопустимое имя
title-missing-brackets = вызов без скобок
title-message-in-script = сообщение в файле скрипта
title-unknown-function = функции с таким именем нет
title-argument-count = не то число аргументов
title-unknown-keyword = аргумента с таким именем нет
title-argument-twice = аргумент задан дважды
title-name-taken = имя функции занято
title-parameter-twice = параметр назван дважды
title-too-many-parameters = у функции слишком много параметров
title-needs-host = функции нужна программа-хост
title-no-value = нет значения
title-wrong-type = значения не подходят друг к другу
title-division-by-zero = деление на ноль
title-out-of-range = позиция за пределами списка или текста
title-missing-key = ключа нет в словаре
title-not-indexable = индекс у того, что не имеет элементов
title-unset-container = элемент задаётся в переменной без значения
title-text-assignment = элемент задаётся в тексте
title-not-finite = слишком большое число
title-local-unset = локальная переменная читается раньше, чем получает значение
title-bad-argument = функция не может работать с таким аргументом
title-not-iterable = цикл по тому, что не имеет элементов
title-date-arithmetic = вычисление с датами или временем, которое ничего не значит
title-value-too-deep = слишком глубоко вложенные списки или словари
title-bad-pair = в цикле два имени, а элементы не пары
title-no-crm = функция CRM там, где CRM нет
title-step-limit = слишком много шагов
title-depth-limit = слишком глубокие вызовы
title-memory-limit = слишком много памяти
title-output-limit = слишком много напечатано
title-crm-call-limit = слишком много обращений к CRM
title-time-limit = слишком долгое выполнение
title-pattern-limit = слишком долгий поиск по шаблону
title-source-limit = слишком длинный скрипт
title-variable-too-large = переменная слишком велика для хранения
title-too-many-variables = слишком много переменных
title-stopped = выполнение остановлено
title-no-effect = строка, которая ничего не делает
title-builtin-variable = присваивание встроенной переменной
title-order-id-text = `order_id` вместо идентификатора сделки
title-refused-message = сообщение, которое не будет отправлено
title-kept-as-text = текст без кавычек остался текстом
title-ignored-indentation = отступ не учитывается
title-bare-word = слово, которое не является переменной
title-open-placeholder = `#{"{"}` без `{"}"}` в сообщении
title-bare-function = функция без скобок
title-swapped-arguments = аргументы перепутаны местами
title-unfit-argument = аргумент не подходит
title-will-fail = строка, которая завершится ошибкой
title-quotes-missing = дата или телефон без кавычек
title-text-placeholder = подстановка из другой программы в тексте
title-nearly-value = текст, похожий на число или дату
title-deleted-by-comment = переменная удаляется из-за комментария
title-needs-host-here = функция ничего не делает без программы-хоста
title-invisible-character = невидимый символ
title-misspelt = переменная, которую никто не задаёт
title-never-read = переменная, которую никто не читает
title-unreachable = строка, которая никогда не выполняется
title-constant-condition = условие, которое не меняется
title-never-true = сравнение, которое никогда не истинно
title-unchecked-result = результат не проверен перед использованием
title-unknown-id = идентификатора в проекте нет
title-refused-argument = функция CRM не приняла аргумент
title-absent-function = вызов функции, которой здесь нет
title-nearly-number = текст, похожий на число или дату
title-json-text = текст списка вместо самого списка
