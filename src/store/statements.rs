//! Every SQL text, once and by name: portable between engines, scoped by project first, served by an index.
//! Placeholders are numbered by first appearance, because `SQLite` counts them so. Knows no driver.

use super::Statement;

macro_rules! statements {
    ($($(#[doc = $doc:literal])* $name:ident $(locks $alias:literal)? $(guards $row:literal)? = $($sql:expr),+;)*) => {
        $($(#[doc = $doc])* pub static $name: Statement = Statement {
            name: stringify!($name),
            sql: concat!($($sql),+),
            lock: statements!(@lock $($alias)?),
            guard: statements!(@guard $($row)?),
        };)*

        /// All of them, for tests of their plans.
        pub static ALL: &[&Statement] = &[$(&$name),*];
    };
    (@guard) => { false };
    (@guard $row:literal) => { true };
    (@lock) => { None };
    (@lock $alias:literal) => { Some($alias) };
}

macro_rules! client_columns {
    () => {
        "c.id, c.name, c.platform_id, c.client_type, c.phone, c.email, c.tag, c.created_at, c.last_message_at, c.question, \
         c.operator_id, c.unread, c.blocked, c.unsubscribed, c.queued, c.queued_until, c.block_id, c.main_client_id, \
         c.current_deal_id, c.current_deal_chosen, c.bot_account, c.paused_until"
    };
}

macro_rules! project_columns {
    () => {
        "p.id, p.name, p.time_zone, p.locale, p.auto_accept_leads, p.distribution_enabled, p.hours_from, p.hours_to, \
         p.days_off, p.window_minutes"
    };
}

macro_rules! deal_columns {
    () => {
        "d.id, d.client_id, d.name, d.description, d.budget, d.pipeline_id, d.stage_id, d.status, d.created_at, d.closed_at, \
         d.operator_id"
    };
}

macro_rules! task_columns {
    () => {
        "t.id, t.client_id, t.operator_id, t.name, t.description, t.due_date, t.due_time, t.done, t.done_at"
    };
}

macro_rules! operator_columns {
    () => {
        "o.id, o.email, o.name, o.status"
    };
}

macro_rules! operator_details {
    () => {
        "o.description, o.contact_email, o.phone, o.job_title, o.custom_field1, o.custom_field2, o.custom_field3"
    };
}

macro_rules! history_columns {
    () => {
        "direction, author, body, block_id, delivered, error, written_at, message_ids, removed"
    };
}

macro_rules! request_columns {
    () => {
        "client_id, number, kind, target_id, body, block_id, message_ids, operators, priority, asked_at"
    };
}

/// A scheduled message `s` comes before all others of its client that are held or could be claimed at a time. One that was
/// put off waits for itself.
macro_rules! is_first_scheduled {
    ($now:literal) => {
        concat!(
            "NOT EXISTS (SELECT e.number FROM calc_scheduled e WHERE e.project_id = s.project_id AND e.client_id = s.client_id \
             AND (e.due_at < s.due_at OR (e.due_at = s.due_at AND e.number < s.number)) AND (e.lease <> 0 OR e.claim_at <= ",
            $now,
            "))"
        )
    };
}

statements! {
    // Opening a session.

    /// The client a session is for, with its project and responsible operator.
    OPEN_CLIENT locks "c" = "SELECT ", project_columns!(), ", p.next_id, p.generation, ", client_columns!(), ", c.version, ",
        operator_columns!(),
        " FROM calc_client c JOIN calc_project p ON p.id = c.project_id \
         LEFT JOIN calc_operator o ON o.project_id = c.project_id AND o.id = c.operator_id \
         WHERE c.project_id = $1 AND c.id = $2";
    /// The current deal of that client.
    OPEN_DEAL = "SELECT ", deal_columns!(),
        " FROM calc_client c JOIN calc_deal d ON d.project_id = c.project_id AND d.id = c.current_deal_id \
         WHERE c.project_id = $1 AND c.id = $2";
    /// The variables a bare name may mean: of the client (0), its draft (1) and its current deal (2).
    OPEN_VARIABLES = "SELECT 0, name, value FROM calc_client_variable WHERE project_id = $1 AND client_id = $2 \
         UNION ALL SELECT 1, name, value FROM calc_draft_variable WHERE project_id = $1 AND client_id = $2 \
         UNION ALL SELECT 2, v.name, v.value FROM calc_client c \
         JOIN calc_deal_variable v ON v.project_id = c.project_id AND v.deal_id = c.current_deal_id \
         WHERE c.project_id = $1 AND c.id = $2";
    /// The outcome of an event that has been seen before.
    EVENT_OUTCOME = "SELECT outcome, happened_at FROM calc_event WHERE project_id = $1 AND client_id = $2 AND event_id = $3";
    /// Whether there is such a project.
    PROJECT_EXISTS = "SELECT id FROM calc_project WHERE id = $1";

    // Reading one thing.

    /// Any client.
    CLIENT locks "c" = "SELECT ", client_columns!(), ", c.version FROM calc_client c WHERE c.project_id = $1 AND c.id = $2";
    /// The draft of any client.
    DRAFT = "SELECT name, value FROM calc_draft_variable WHERE project_id = $1 AND client_id = $2";
    /// The variables of any client.
    CLIENT_VARIABLES = "SELECT name, value FROM calc_client_variable WHERE project_id = $1 AND client_id = $2";
    /// Any deal, with the version of its client.
    DEAL = "SELECT ", deal_columns!(), ", c.version FROM calc_deal d \
         JOIN calc_client c ON c.project_id = d.project_id AND c.id = d.client_id WHERE d.project_id = $1 AND d.id = $2";
    /// The variables of any deal.
    DEAL_VARIABLES = "SELECT name, value FROM calc_deal_variable WHERE project_id = $1 AND deal_id = $2";
    /// Any task, with the version of its client.
    TASK = "SELECT ", task_columns!(), ", c.version FROM calc_task t \
         JOIN calc_client c ON c.project_id = t.project_id AND c.id = t.client_id WHERE t.project_id = $1 AND t.id = $2";
    /// Project variables by name.
    PROJECT_VARIABLES = "SELECT name, value FROM calc_project_variable WHERE project_id = $1 \
         AND name IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    /// A project variable by name.
    PROJECT_VARIABLE = "SELECT name, value FROM calc_project_variable WHERE project_id = $1 AND name = $2";
    /// An operator by email.
    OPERATOR_BY_EMAIL = "SELECT ", operator_columns!(), " FROM calc_operator o WHERE o.project_id = $1 AND o.email_key = $2";
    /// An operator by id.
    OPERATOR_BY_ID = "SELECT ", operator_columns!(), " FROM calc_operator o WHERE o.project_id = $1 AND o.id = $2";
    /// What else is known of an operator.
    OPERATOR_DETAILS = "SELECT ", operator_details!(), " FROM calc_operator o WHERE o.project_id = $1 AND o.id = $2";
    /// The emails of all operators.
    OPERATOR_EMAILS = "SELECT o.email FROM calc_operator o WHERE o.project_id = $1 ORDER BY o.id";
    /// The name of a block.
    BLOCK_NAME = "SELECT name FROM calc_block WHERE project_id = $1 AND id = $2";
    /// The first operators, one more than are shown.
    FIRST_OPERATORS = "SELECT email, name FROM calc_operator WHERE project_id = $1 ORDER BY id LIMIT 11";
    /// The first lists, one more than are shown.
    FIRST_LISTS = "SELECT l.id, l.name FROM calc_list l WHERE l.project_id = $1 ORDER BY l.id LIMIT 11";
    /// The first labels, one more than are shown.
    FIRST_LABELS = "SELECT l.id, l.name FROM calc_label l WHERE l.project_id = $1 ORDER BY l.id LIMIT 11";
    /// Everybody on shift.
    OPERATORS_ON_SHIFT = "SELECT ", operator_columns!(),
        " FROM calc_operator o WHERE o.project_id = $1 AND o.status = 'on_shift' ORDER BY o.id";
    /// Any table.
    TABLE = "SELECT name, next_record, version FROM calc_table WHERE project_id = $1 AND id = $2";
    /// The columns of any table, in order.
    COLUMNS = "SELECT name FROM calc_column WHERE project_id = $1 AND table_id = $2 ORDER BY position, name";
    /// Any record.
    RECORD = "SELECT version, cells FROM calc_record WHERE project_id = $1 AND table_id = $2 AND id = $3";
    /// The next records of a table, in the order of their ids.
    RECORDS_AFTER = "SELECT id, version, cells FROM calc_record WHERE project_id = $1 AND table_id = $2 AND id > $3 ORDER BY id LIMIT $4";
    /// The ids of the next ones.
    RECORD_IDS_AFTER = "SELECT id FROM calc_record WHERE project_id = $1 AND table_id = $2 AND id > $3 ORDER BY id LIMIT $4";
    /// The first tables, one more than are shown.
    FIRST_TABLES = "SELECT id, name FROM calc_table WHERE project_id = $1 ORDER BY id LIMIT 11";
    /// All pipelines in order, with their stages in any.
    PIPELINES = "SELECT p.id, p.name, s.id, s.name, s.position FROM calc_pipeline p \
         LEFT JOIN calc_stage s ON s.project_id = p.project_id AND s.pipeline_id = p.id \
         WHERE p.project_id = $1 ORDER BY p.position, p.id";

    // Questions about clients.

    /// A client by the key of its phone: one of choice if it has it, else the oldest.
    CLIENT_BY_PHONE = "SELECT id FROM calc_client WHERE project_id = $1 AND phone_key = $2 \
         ORDER BY CASE WHEN id = $3 THEN 0 ELSE 1 END, id LIMIT 1";
    /// A client by the key of its email, likewise.
    CLIENT_BY_EMAIL = "SELECT id FROM calc_client WHERE project_id = $1 AND email_key = $2 \
         ORDER BY CASE WHEN id = $3 THEN 0 ELSE 1 END, id LIMIT 1";
    /// The oldest client that a messenger knows by an id.
    CLIENT_BY_PLATFORM = "SELECT MIN(id) FROM calc_client WHERE project_id = $1 AND platform_id = $2 AND client_type = $3";
    /// The same of one of the bot's accounts.
    CLIENT_BY_ACCOUNT = "SELECT MIN(id) FROM calc_client WHERE project_id = $1 AND platform_id = $2 AND client_type = $3 \
         AND bot_account = $4";
    /// The clients linked to a main client.
    LINKED_CLIENTS = "SELECT id FROM calc_client WHERE project_id = $1 AND main_client_id = $2 ORDER BY id";
    /// Whether a client was in a block.
    VISIT = "SELECT block_id FROM calc_visit WHERE project_id = $1 AND client_id = $2 AND block_id = $3";
    /// The messages scheduled for a client.
    SCHEDULED = "SELECT number, block_id, body, due_at, do_not_cancel FROM calc_scheduled WHERE project_id = $1 AND client_id = $2 \
         ORDER BY number";
    /// Clients that wait to be distributed and whose time has come.
    QUEUED_CLIENTS = "SELECT id FROM calc_client WHERE project_id = $1 AND queued = 1 AND queued_until <= $2 \
         ORDER BY queued_until, id LIMIT $3";

    /// The blocks a client was in.
    VISITS_OF_CLIENT = "SELECT block_id FROM calc_visit WHERE project_id = $1 AND client_id = $2";
    /// The tasks of a client.
    TASKS_OF_CLIENT = "SELECT ", task_columns!(), " FROM calc_task t WHERE t.project_id = $1 AND t.client_id = $2 ORDER BY t.id";
    /// The last entries of a client's dialogue, newest first.
    HISTORY_OF_CLIENT = "SELECT ", history_columns!(), " FROM calc_history \
         WHERE project_id = $1 AND client_id = $2 ORDER BY number DESC LIMIT $3";

    /// The newest messages of the bot to a client that the messenger has numbered and that are not removed.
    NUMBERED_MESSAGES = "SELECT number, message_ids FROM calc_history WHERE project_id = $1 AND client_id = $2 \
         AND direction = 'out' AND author = 'bot' AND message_ids IS NOT NULL AND removed = 0 ORDER BY number DESC LIMIT $3";

    // Questions about deals.

    /// The deal that becomes current by itself.
    NEWEST_ACTIVE_DEAL = "SELECT ", deal_columns!(), " FROM calc_deal d \
         WHERE d.project_id = $1 AND d.client_id = $2 AND d.status = 'active' ORDER BY d.created_at DESC, d.id DESC LIMIT $3";
    /// The newest deals, whatever their status.
    NEWEST_DEAL = "SELECT ", deal_columns!(), " FROM calc_deal d \
         WHERE d.project_id = $1 AND d.client_id = $2 ORDER BY d.created_at DESC, d.id DESC LIMIT $3";
    /// The deals of a client that have a status.
    DEALS_BY_STATUS = "SELECT id FROM calc_deal WHERE project_id = $1 AND client_id = $2 AND status = $3 ORDER BY id";
    /// All deals of a client, newest first.
    DEALS_OF_CLIENT = "SELECT ", deal_columns!(), " FROM calc_deal d \
         WHERE d.project_id = $1 AND d.client_id = $2 ORDER BY d.created_at DESC, d.id DESC";
    /// The deals of a client whose variable may have a value, newest first. The value is looked up apart, so that the
    /// index alone answers which deals they are: without statistics an engine would else prefer the primary key.
    DEALS_BY_VALUE = "SELECT d.id, d.created_at, (SELECT w.value FROM calc_deal_variable w \
          WHERE w.project_id = d.project_id AND w.deal_id = d.id AND w.name = v.name) \
         FROM calc_deal_variable v JOIN calc_deal d ON d.project_id = v.project_id AND d.id = v.deal_id \
         WHERE v.project_id = $1 AND v.client_id = $2 AND v.name = $3 AND v.value_key = $4 \
         ORDER BY d.created_at DESC, d.id DESC";
    /// How many deals a client has; the stage 0 is any stage; 0 any status, 1 active, 2 closed.
    COUNT_DEALS_OF_CLIENT = "SELECT COUNT(*) FROM calc_deal WHERE project_id = $1 AND client_id = $2 \
         AND (CAST($3 AS BIGINT) = 0 OR stage_id = CAST($3 AS BIGINT)) AND (CAST($4 AS BIGINT) = 0 \
         OR (CAST($4 AS BIGINT) = 1 AND status = 'active') OR (CAST($4 AS BIGINT) = 2 AND status <> 'active'))";
    /// How many active deals are in a stage.
    COUNT_DEALS_IN_STAGE = "SELECT COUNT(*) FROM calc_deal WHERE project_id = $1 AND stage_id = $2 AND status = 'active'";

    // Lists.

    /// A list.
    LIST = "SELECT l.id, l.name, 0 FROM calc_list l WHERE l.project_id = $1 AND l.id = $2";
    /// The first lists of a name.
    LISTS_BY_NAME = "SELECT l.id, l.name, 0 FROM calc_list l WHERE l.project_id = $1 AND l.name_key = $2 ORDER BY l.id LIMIT $3";
    /// The lists a client is in.
    LISTS_OF_CLIENT = "SELECT l.id, l.name, 0 FROM calc_list_client m \
         JOIN calc_list l ON l.project_id = m.project_id AND l.id = m.list_id \
         WHERE m.project_id = $1 AND m.client_id = $2 ORDER BY m.list_id";
    /// How many clients are in a list.
    LIST_SIZE = "SELECT COUNT(*) FROM calc_list_client WHERE project_id = $1 AND list_id = $2";
    /// Some clients of a list, in the order of their ids.
    LIST_MEMBERS = "SELECT client_id FROM calc_list_client WHERE project_id = $1 AND list_id = $2 \
         ORDER BY client_id LIMIT $3 OFFSET $4";
    /// How many clients are in any of some lists, whose ids stand between commas. The names of lists are few beside their clients,
    /// so all lists of the project are looked at, in this order.
    JOINT_SIZE = "SELECT COUNT(DISTINCT m.client_id) FROM calc_list l CROSS JOIN calc_list_client m \
         WHERE l.project_id = $1 AND $2 LIKE '%,' || CAST(l.id AS TEXT) || ',%' AND m.project_id = l.project_id AND m.list_id = l.id";
    /// The clients that a messenger knows by an id, each with whether it is in a list.
    RECIPIENTS_IN_LIST = "SELECT c.id, (SELECT COUNT(*) FROM calc_list_client m \
         WHERE m.project_id = c.project_id AND m.list_id = $1 AND m.client_id = c.id) \
         FROM calc_client c WHERE c.project_id = $2 AND c.platform_id = $3";

    // Labels.

    /// A label.
    LABEL = "SELECT l.id, l.name, l.color FROM calc_label l WHERE l.project_id = $1 AND l.id = $2";
    /// The label of a name.
    LABELS_BY_NAME = "SELECT l.id, l.name, l.color FROM calc_label l WHERE l.project_id = $1 AND l.name_key = $2 \
         ORDER BY l.id LIMIT $3";
    /// The labels of a client.
    LABELS_OF_CLIENT = "SELECT l.id, l.name, l.color FROM calc_label_client m \
         JOIN calc_label l ON l.project_id = m.project_id AND l.id = m.label_id \
         WHERE m.project_id = $1 AND m.client_id = $2 ORDER BY m.label_id";
    /// How many clients have a label.
    LABEL_SIZE = "SELECT COUNT(*) FROM calc_label_client WHERE project_id = $1 AND label_id = $2";
    /// Some clients with a label, in the order of their ids.
    LABEL_MEMBERS = "SELECT client_id FROM calc_label_client WHERE project_id = $1 AND label_id = $2 \
         ORDER BY client_id LIMIT $3 OFFSET $4";
    /// The clients with a label that have so many of some labels, whose ids stand between commas, in the order of their ids.
    CLIENTS_WITH_LABELS = "SELECT m.client_id FROM calc_label_client m WHERE m.project_id = $1 AND m.label_id = $2 \
         AND (SELECT COUNT(*) FROM calc_label_client n WHERE n.project_id = m.project_id AND n.client_id = m.client_id \
          AND $3 LIKE '%,' || CAST(n.label_id AS TEXT) || ',%') = $4 ORDER BY m.client_id LIMIT $5";

    // Distribution.

    /// Makes everybody wait who distributes, makes clients by their contacts or changes variables of the project.
    LOCK_PROJECT locks "p" = "SELECT p.id FROM calc_project p WHERE p.id = $1";
    /// Everybody on shift, with the number of assignments since a time and the time of the last one.
    OPERATOR_LOADS = "SELECT ", operator_columns!(), ", \
         (SELECT COUNT(*) FROM calc_assignment a WHERE a.project_id = o.project_id AND a.operator_id = o.id \
          AND a.assigned_at >= $1), \
         (SELECT MAX(a.assigned_at) FROM calc_assignment a WHERE a.project_id = o.project_id AND a.operator_id = o.id) \
         FROM calc_operator o WHERE o.project_id = $2 AND o.status = 'on_shift' ORDER BY o.id";

    // What was read must still be so.

    /// Nobody has changed a client, or anything of it.
    CHECK_CLIENT locks "c" guards "row" = "SELECT c.id FROM calc_client c WHERE c.project_id = $1 AND c.id = $2 AND c.version = $3";
    /// The same, and now somebody does.
    TOUCH_CLIENT guards "row" = "UPDATE calc_client SET version = version + 1 WHERE project_id = $1 AND id = $2 AND version = $3 \
         RETURNING id";
    /// A variable of the project has the value that was read.
    CHECK_PROJECT_VARIABLE locks "v" guards "row" = "SELECT v.name FROM calc_project_variable v \
         WHERE v.project_id = $1 AND v.name = $2 AND v.value = $3";
    /// The project has no variable of a name.
    CHECK_NO_PROJECT_VARIABLE locks "p" guards "row" = "SELECT p.id FROM calc_project p WHERE p.id = $1 AND NOT EXISTS \
         (SELECT v.name FROM calc_project_variable v WHERE v.project_id = p.id AND v.name = $2)";
    /// The project has no client of a phone.
    CHECK_NO_PHONE locks "p" guards "row" = "SELECT p.id FROM calc_project p WHERE p.id = $1 AND NOT EXISTS \
         (SELECT c.id FROM calc_client c WHERE c.project_id = p.id AND c.phone_key = $2)";
    /// The project has no client of an email.
    CHECK_NO_EMAIL locks "p" guards "row" = "SELECT p.id FROM calc_project p WHERE p.id = $1 AND NOT EXISTS \
         (SELECT c.id FROM calc_client c WHERE c.project_id = p.id AND c.email_key = $2)";

    /// The project has no list of a name.
    CHECK_NO_LIST locks "p" guards "row" = "SELECT p.id FROM calc_project p WHERE p.id = $1 AND NOT EXISTS \
         (SELECT l.id FROM calc_list l WHERE l.project_id = p.id AND l.name_key = $2)";
    /// The project has no label of a name.
    CHECK_NO_LABEL locks "p" guards "row" = "SELECT p.id FROM calc_project p WHERE p.id = $1 AND NOT EXISTS \
         (SELECT l.id FROM calc_label l WHERE l.project_id = p.id AND l.name_key = $2)";
    /// A list is still there. Who empties or deletes it waits; others who add to it do not.
    CHECK_LIST guards "row" = "SELECT l.id FROM calc_list l WHERE l.project_id = $1 AND l.id = $2 /* key share */";
    /// A list is still there, and everybody waits who changes it or its clients.
    LOCK_LIST guards "row" = "SELECT l.id FROM calc_list l WHERE l.project_id = $1 AND l.id = $2 /* for update */";
    /// A label is still there. Who takes it off all clients or deletes it waits; others who put it on do not.
    CHECK_LABEL guards "row" = "SELECT l.id FROM calc_label l WHERE l.project_id = $1 AND l.id = $2 /* key share */";
    /// A label is still there, and everybody waits who changes it or its clients.
    LOCK_LABEL guards "row" = "SELECT l.id FROM calc_label l WHERE l.project_id = $1 AND l.id = $2 /* for update */";
    /// Nobody has added a record to a table who had looked for one, and now somebody does.
    TOUCH_TABLE guards "row" = "UPDATE calc_table SET version = version + 1 WHERE project_id = $1 AND id = $2 AND version = $3 \
         RETURNING id";
    /// Makes others wait who add columns to a table, or records after they have looked for some.
    LOCK_TABLE locks "t" = "SELECT t.id FROM calc_table t WHERE t.project_id = $1 AND t.id = $2";
    /// Nobody has changed a record.
    CHECK_RECORD locks "r" guards "row" = "SELECT r.id FROM calc_record r WHERE r.project_id = $1 AND r.table_id = $2 AND r.id = $3 \
         AND r.version = $4";

    // The id counter.

    /// Takes ids from the counter, in a unit of work of their own.
    RESERVE_IDS = "UPDATE calc_project SET next_id = next_id + $1 WHERE id = $2 RETURNING next_id";
    /// Moves the counter behind ids that were used without asking for them, if nobody else has moved it.
    MOVE_COUNTER guards "row" = "UPDATE calc_project SET next_id = $1 WHERE id = $2 AND next_id = $3 AND generation = $4 RETURNING id";
    /// Sets the counter back to an id that was taken but not used, unless others were taken since.
    RETURN_IDS = "UPDATE calc_project SET next_id = $1 WHERE id = $2 AND next_id = $3 RETURNING id";

    /// Takes ids of records from the counter of a table, likewise.
    RESERVE_RECORDS = "UPDATE calc_table SET next_record = next_record + $1 WHERE project_id = $2 AND id = $3 RETURNING next_record";
    /// Moves that counter behind ids that were used without asking for them, likewise.
    MOVE_RECORD_COUNTER guards "row" = "UPDATE calc_table SET next_record = $1 WHERE project_id = $2 AND id = $3 AND next_record = $4 \
         RETURNING id";

    // Changes.

    /// A new client.
    INSERT_CLIENT = "INSERT INTO calc_client (project_id, id, name, platform_id, client_type, phone, email, tag, created_at, \
         last_message_at, question, operator_id, unread, blocked, unsubscribed, queued, queued_until, block_id, \
         main_client_id, current_deal_id, current_deal_chosen, phone_key, email_key, bot_account, paused_until, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
         $25, $26)";
    /// What changes about a client; nobody else has changed it.
    UPDATE_CLIENT guards "row" = "UPDATE calc_client SET name = $1, last_message_at = $2, question = $3, operator_id = $4, unread = $5, \
         blocked = $6, unsubscribed = $7, block_id = $8, current_deal_id = $9, current_deal_chosen = $10, version = version + 1 \
         WHERE project_id = $11 AND id = $12 AND version = $13 RETURNING id";
    /// Whether a client waits for distribution.
    UPDATE_CLIENT_QUEUE = "UPDATE calc_client SET queued = $1, queued_until = $2 WHERE project_id = $3 AND id = $4";
    /// Until when the bot does nothing for a client.
    UPDATE_CLIENT_PAUSE = "UPDATE calc_client SET paused_until = $1 WHERE project_id = $2 AND id = $3";
    /// The main client that a client is linked to.
    UPDATE_CLIENT_LINK = "UPDATE calc_client SET main_client_id = $1 WHERE project_id = $2 AND id = $3";
    /// A new deal.
    INSERT_DEAL = "INSERT INTO calc_deal (project_id, id, client_id, name, description, budget, pipeline_id, stage_id, status, \
         created_at, closed_at, operator_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// A deal that was just made. It comes after all deals of its client that were made in the same second: ids come in
    /// stretches, so a later deal may have a lower one.
    INSERT_NEW_DEAL = "INSERT INTO calc_deal (project_id, id, client_id, name, description, budget, pipeline_id, stage_id, status, \
         created_at, closed_at, operator_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
         (SELECT COALESCE(MAX(d.created_at) + 1, $10) FROM calc_deal d WHERE d.project_id = $1 AND d.client_id = $3 \
         AND d.created_at >= $10 AND d.created_at < $10 + 1000000), $11, $12)";
    /// What a deal says.
    UPDATE_DEAL_DETAILS = "UPDATE calc_deal SET name = $1, description = $2, budget = $3, operator_id = $4 \
         WHERE project_id = $5 AND id = $6";
    /// Where a deal is.
    UPDATE_DEAL_PLACE = "UPDATE calc_deal SET pipeline_id = $1, stage_id = $2, status = $3, closed_at = $4 \
         WHERE project_id = $5 AND id = $6";
    /// A deal with its variables goes.
    DELETE_DEAL = "DELETE FROM calc_deal WHERE project_id = $1 AND id = $2";
    /// A variable of a deal.
    PUT_DEAL_VARIABLE = "INSERT INTO calc_deal_variable (project_id, deal_id, name, client_id, value_key, value) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (project_id, deal_id, name) \
         DO UPDATE SET value_key = excluded.value_key, value = excluded.value";
    /// A variable of a deal goes.
    DELETE_DEAL_VARIABLE = "DELETE FROM calc_deal_variable WHERE project_id = $1 AND deal_id = $2 AND name = $3";
    /// A variable of a client.
    PUT_CLIENT_VARIABLE = "INSERT INTO calc_client_variable (project_id, client_id, name, value) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (project_id, client_id, name) DO UPDATE SET value = excluded.value";
    /// A variable of a client goes.
    DELETE_CLIENT_VARIABLE = "DELETE FROM calc_client_variable WHERE project_id = $1 AND client_id = $2 AND name = $3";
    /// A variable of a client's draft.
    PUT_DRAFT_VARIABLE = "INSERT INTO calc_draft_variable (project_id, client_id, name, value) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (project_id, client_id, name) DO UPDATE SET value = excluded.value";
    /// A variable of a client's draft goes.
    DELETE_DRAFT_VARIABLE = "DELETE FROM calc_draft_variable WHERE project_id = $1 AND client_id = $2 AND name = $3";
    /// A variable of the project.
    PUT_PROJECT_VARIABLE = "INSERT INTO calc_project_variable (project_id, name, value) VALUES ($1, $2, $3) \
         ON CONFLICT (project_id, name) DO UPDATE SET value = excluded.value";
    /// A variable of the project goes.
    DELETE_PROJECT_VARIABLE = "DELETE FROM calc_project_variable WHERE project_id = $1 AND name = $2";
    /// A new task.
    INSERT_TASK = "INSERT INTO calc_task (project_id, id, client_id, operator_id, name, description, due_date, due_time, done, \
         done_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// What changes about a task.
    UPDATE_TASK = "UPDATE calc_task SET operator_id = $1, name = $2, description = $3, due_date = $4, due_time = $5, \
         done = $6, done_at = $7 WHERE project_id = $8 AND id = $9";
    /// A task goes.
    DELETE_TASK = "DELETE FROM calc_task WHERE project_id = $1 AND id = $2";
    /// A new list.
    INSERT_LIST = "INSERT INTO calc_list (project_id, id, name, name_key) VALUES ($1, $2, $3, $4)";
    /// A list goes.
    DELETE_LIST = "DELETE FROM calc_list WHERE project_id = $1 AND id = $2";
    /// A list goes that nobody is in.
    DELETE_EMPTY_LIST guards "row" = "DELETE FROM calc_list WHERE project_id = $1 AND id = $2 AND NOT EXISTS \
         (SELECT m.client_id FROM calc_list_client m WHERE m.project_id = $1 AND m.list_id = $2) RETURNING id";
    /// All clients of a list go out of it.
    CLEAR_LIST = "DELETE FROM calc_list_client WHERE project_id = $1 AND list_id = $2";
    /// A client is in a list.
    PUT_IN_LIST = "INSERT INTO calc_list_client (project_id, list_id, client_id) VALUES ($1, $2, $3) \
         ON CONFLICT (project_id, list_id, client_id) DO NOTHING";
    /// A client is not in a list any more.
    TAKE_FROM_LIST = "DELETE FROM calc_list_client WHERE project_id = $1 AND list_id = $2 AND client_id = $3";
    /// A new label.
    INSERT_LABEL = "INSERT INTO calc_label (project_id, id, name, name_key, color) VALUES ($1, $2, $3, $4, $5)";
    /// A label goes.
    DELETE_LABEL = "DELETE FROM calc_label WHERE project_id = $1 AND id = $2";
    /// A label goes that nobody has.
    DELETE_EMPTY_LABEL guards "row" = "DELETE FROM calc_label WHERE project_id = $1 AND id = $2 AND NOT EXISTS \
         (SELECT m.client_id FROM calc_label_client m WHERE m.project_id = $1 AND m.label_id = $2) RETURNING id";
    /// A label comes off all clients.
    CLEAR_LABEL = "DELETE FROM calc_label_client WHERE project_id = $1 AND label_id = $2";
    /// A client has a label.
    PUT_LABEL_ON = "INSERT INTO calc_label_client (project_id, label_id, client_id) VALUES ($1, $2, $3) \
         ON CONFLICT (project_id, label_id, client_id) DO NOTHING";
    /// A client has a label no more.
    TAKE_LABEL_OFF = "DELETE FROM calc_label_client WHERE project_id = $1 AND label_id = $2 AND client_id = $3";
    /// A new column, after all others; one that somebody else made meanwhile stays where it is.
    ADD_COLUMN = "INSERT INTO calc_column (project_id, table_id, name, position) VALUES ($1, $2, $3, \
         (SELECT COALESCE(MAX(c.position), 0) + 1 FROM calc_column c WHERE c.project_id = $1 AND c.table_id = $2)) \
         ON CONFLICT (project_id, table_id, name) DO NOTHING";
    /// What is in a record; nobody else has changed it.
    UPDATE_RECORD guards "row" = "UPDATE calc_record SET cells = $1, version = version + 1 \
         WHERE project_id = $2 AND table_id = $3 AND id = $4 AND version = $5 RETURNING id";
    /// A record goes; nobody else has changed it.
    DELETE_RECORD guards "row" = "DELETE FROM calc_record WHERE project_id = $1 AND table_id = $2 AND id = $3 AND version = $4 \
         RETURNING id";
    /// A new record.
    INSERT_RECORD = "INSERT INTO calc_record (project_id, table_id, id, version, cells) VALUES ($1, $2, $3, 0, $4)";
    /// Another note.
    ADD_NOTE = "INSERT INTO calc_note (project_id, client_id, number, body, author, written_at) VALUES ($1, $2, \
         (SELECT COALESCE(MAX(number), 0) + 1 FROM calc_note WHERE project_id = $1 AND client_id = $2), $3, $4, $5)";
    /// Another history entry.
    ADD_HISTORY = "INSERT INTO calc_history (project_id, client_id, number, direction, author, body, block_id, delivered, error, \
         pending, written_at) VALUES ($1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM calc_history \
         WHERE project_id = $1 AND client_id = $2), $3, $4, $5, $6, $7, $8, $9, $10)";
    /// Another history entry that the messenger has numbered or that is removed.
    ADD_NUMBERED_HISTORY = "INSERT INTO calc_history (project_id, client_id, number, direction, author, body, block_id, delivered, \
         error, pending, written_at, message_ids, removed) VALUES ($1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM calc_history \
         WHERE project_id = $1 AND client_id = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// A message is to be deleted in the messenger.
    REMOVE_MESSAGE = "UPDATE calc_history SET removed = 1 WHERE project_id = $1 AND client_id = $2 AND number = $3";
    /// A visit of a block, the first or another.
    PUT_VISIT = "INSERT INTO calc_visit (project_id, client_id, block_id, first_at, last_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (project_id, client_id, block_id) DO UPDATE SET last_at = excluded.last_at";
    /// Another scheduled message.
    ADD_SCHEDULED = "INSERT INTO calc_scheduled (project_id, client_id, number, block_id, body, due_at, do_not_cancel, claim_at) \
         VALUES ($1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM calc_scheduled \
         WHERE project_id = $1 AND client_id = $2), $3, $4, $5, $6, $5)";
    /// All scheduled messages of a client go.
    DELETE_SCHEDULED = "DELETE FROM calc_scheduled WHERE project_id = $1 AND client_id = $2";
    /// The scheduled messages of a client that are due go.
    TAKE_DUE_SCHEDULED = "DELETE FROM calc_scheduled WHERE project_id = $1 AND client_id = $2 AND due_at <= $3 \
         RETURNING block_id, body, due_at, do_not_cancel";
    /// One scheduled message of a client goes.
    DELETE_ONE_SCHEDULED = "DELETE FROM calc_scheduled WHERE project_id = $1 AND client_id = $2 AND number = $3";
    /// The scheduled messages of a client that may be cancelled go.
    DELETE_CANCELLABLE = "DELETE FROM calc_scheduled WHERE project_id = $1 AND client_id = $2 AND do_not_cancel = 0";
    /// Another assignment.
    ADD_ASSIGNMENT = "INSERT INTO calc_assignment (project_id, client_id, number, operator_id, assigned_at) VALUES ($1, $2, \
         (SELECT COALESCE(MAX(number), 0) + 1 FROM calc_assignment WHERE project_id = $1 AND client_id = $2), $3, $4)";
    /// The outcome of an event.
    INSERT_EVENT = "INSERT INTO calc_event (project_id, client_id, event_id, outcome, happened_at) VALUES ($1, $2, $3, $4, $5)";

    // The outbox.

    /// A client has messages to deliver from now on, if it had none.
    ADD_OUTGOING = "INSERT INTO calc_outgoing (project_id, client_id, due_at, lease, attempt) VALUES ($1, $2, $3, 0, 0) \
         ON CONFLICT (project_id, client_id) DO NOTHING";
    /// Clients with messages to deliver that nobody holds, the longest waiting first: each of them by one only, until a time.
    /// That is an attempt, of which whoever is killed says nothing any more; it comes with how many there were before.
    CLAIM_OUTGOING = "UPDATE calc_outgoing SET due_at = $1, lease = $2, attempt = attempt + 1 WHERE project_id = $3 AND due_at <= $4 \
         AND client_id IN (SELECT o.client_id FROM calc_outgoing o WHERE o.project_id = $3 AND o.due_at <= $4 \
         ORDER BY o.due_at, o.client_id LIMIT $5) RETURNING client_id, attempt - 1";
    /// Clients that were claimed under a lease, until a time.
    CLAIMED_OUTGOING = "SELECT client_id, attempt - 1 FROM calc_outgoing WHERE project_id = $1 AND due_at = $2 AND lease = $3";
    /// The first messages that wait for a client.
    MESSAGES_TO = "SELECT number, body, block_id, written_at FROM calc_history \
         WHERE project_id = $1 AND client_id = $2 AND pending = 1 ORDER BY number LIMIT $3";
    /// Makes others wait who write to a client.
    LOCK_CLIENT locks "c" = "SELECT c.id FROM calc_client c WHERE c.project_id = $1 AND c.id = $2";
    /// A client without messages to deliver is not among those who have some.
    END_OUTGOING = "DELETE FROM calc_outgoing WHERE project_id = $1 AND client_id = $2 AND NOT EXISTS \
         (SELECT h.number FROM calc_history h WHERE h.project_id = $1 AND h.client_id = $2 AND h.pending = 1)";
    /// Whoever holds a client lets go of it: it can be claimed from a time on, its first message having been tried so often.
    POSTPONE_OUTGOING = "UPDATE calc_outgoing SET due_at = $1, attempt = $2 WHERE project_id = $3 AND client_id = $4 AND lease = $5 \
         RETURNING client_id";
    // The inbox.

    /// Whether a client exists.
    CLIENT_EXISTS = "SELECT id FROM calc_client WHERE project_id = $1 AND id = $2";
    /// A client has events that wait from now on; one that had some is locked, so that it cannot end meanwhile.
    ADD_INCOMING = "INSERT INTO calc_incoming (project_id, client_id, due_at, lease) VALUES ($1, $2, $3, 0) \
         ON CONFLICT (project_id, client_id) DO UPDATE SET lease = calc_incoming.lease";
    /// Another event that waits. Its number is the time in microseconds, or the next one, so that none comes again.
    ADD_INBOX = "INSERT INTO calc_inbox (project_id, client_id, number, event_id, block_id, body, callback, happened_at) \
         VALUES ($1, $2, (SELECT CASE WHEN COALESCE(MAX(number), 0) < $3 THEN $3 ELSE MAX(number) + 1 END FROM calc_inbox \
         WHERE project_id = $1 AND client_id = $2), $4, $5, $6, $7, $8)";
    /// Clients with events that wait and that nobody holds, the longest waiting first: each of them by one only, until a time.
    CLAIM_INCOMING = "WITH due AS MATERIALIZED (SELECT i.client_id FROM calc_incoming i \
         WHERE i.project_id = $1 AND i.due_at <= $2 ORDER BY i.due_at, i.client_id LIMIT $3 /* skip locked */) \
         UPDATE calc_incoming SET due_at = $4, lease = $5 WHERE project_id = $1 AND due_at <= $2 \
         AND client_id IN (SELECT due.client_id FROM due) RETURNING client_id";
    /// Clients that were claimed under a lease, until a time.
    CLAIMED_INCOMING = "SELECT client_id FROM calc_incoming WHERE project_id = $1 AND due_at = $2 AND lease = $3";
    /// The first events that wait for a client.
    INBOX_OF = "SELECT number, event_id, block_id, body, callback, happened_at FROM calc_inbox \
         WHERE project_id = $1 AND client_id = $2 AND error IS NULL ORDER BY number LIMIT $3";
    /// Makes others wait who add events to a client.
    LOCK_INCOMING locks "i" = "SELECT i.client_id FROM calc_incoming i WHERE i.project_id = $1 AND i.client_id = $2";
    /// An event that cannot be run: whoever holds its client notes why.
    REFUSE_INBOX = "UPDATE calc_inbox SET error = $1 WHERE project_id = $2 AND client_id = $3 AND number = $4 \
         AND EXISTS (SELECT i.lease FROM calc_incoming i WHERE i.project_id = $2 AND i.client_id = $3 AND i.lease = $5)";
    /// Events up to a number are done with by the one who holds their client.
    END_INBOX = "DELETE FROM calc_inbox WHERE project_id = $1 AND client_id = $2 AND number <= $3 AND error IS NULL \
         AND EXISTS (SELECT i.lease FROM calc_incoming i WHERE i.project_id = $1 AND i.client_id = $2 AND i.lease = $4)";
    /// Whoever holds a client holds it until another time, or lets go of it.
    POSTPONE_INCOMING = "UPDATE calc_incoming SET due_at = $1 WHERE project_id = $2 AND client_id = $3 AND lease = $4 \
         RETURNING client_id";
    /// A client without events that wait is not among those who have some.
    END_INCOMING = "DELETE FROM calc_incoming WHERE project_id = $1 AND client_id = $2 AND lease = $3 AND NOT EXISTS \
         (SELECT b.number FROM calc_inbox b WHERE b.project_id = $1 AND b.client_id = $2 AND b.error IS NULL)";
    /// Whether a client has events that wait and that nobody holds.
    INCOMING_IS_DUE = "SELECT i.client_id FROM calc_incoming i WHERE i.project_id = $1 AND i.due_at <= $2 LIMIT 1";
    /// Whether a scheduled message is due that nobody holds, the first of its client.
    SCHEDULED_IS_DUE = "SELECT s.client_id FROM calc_scheduled s WHERE s.project_id = $1 AND s.claim_at <= $2 \
         AND ", is_first_scheduled!("$2"), " LIMIT 1";
    /// Whether a client is to be distributed whom nobody distributes.
    QUEUED_IS_DUE = "SELECT c.id FROM calc_client c WHERE c.project_id = $1 AND c.queued = 1 AND c.queued_until <= $2 LIMIT 1";
    /// Scheduled messages that are due and that nobody holds, the first of each client: each by one only, until a time.
    CLAIM_SCHEDULED = "UPDATE calc_scheduled SET claim_at = $1, lease = $2 WHERE project_id = $3 AND claim_at <= $4 \
         AND (client_id, number) IN (SELECT s.client_id, s.number FROM calc_scheduled s WHERE s.project_id = $3 AND s.claim_at <= $4 \
         AND ", is_first_scheduled!("$4"), " ORDER BY s.claim_at, s.client_id, s.number LIMIT $5) \
         RETURNING client_id, number, block_id, body, due_at";
    /// Scheduled messages that were claimed under a lease, until a time.
    CLAIMED_SCHEDULED = "SELECT client_id, number, block_id, body, due_at FROM calc_scheduled \
         WHERE project_id = $1 AND claim_at = $2 AND lease = $3";
    /// A scheduled message is done with by the one who holds it.
    END_SCHEDULED = "DELETE FROM calc_scheduled WHERE project_id = $1 AND client_id = $2 AND number = $3 AND lease = $4 RETURNING number";
    /// Whoever holds a scheduled message lets go of it: it can be claimed again from a time on.
    POSTPONE_SCHEDULED = "UPDATE calc_scheduled SET claim_at = $1, lease = 0 WHERE project_id = $2 AND client_id = $3 AND number = $4 \
         AND lease = $5";
    /// Whoever distributes a client until a time lets go of it: it can be claimed again from another time on.
    RELEASE_QUEUED = "UPDATE calc_client SET queued_until = $1 WHERE project_id = $2 AND id = $3 AND queued = 1 AND queued_until = $4";
    /// Clients that wait to be distributed, whose time has come and whom nobody else distributes until a time.
    CLAIM_QUEUED = "UPDATE calc_client SET queued_until = $1 WHERE project_id = $2 AND queued = 1 AND queued_until <= $3 \
         AND id IN (SELECT c.id FROM calc_client c WHERE c.project_id = $2 AND c.queued = 1 AND c.queued_until <= $3 \
         ORDER BY c.queued_until, c.id LIMIT $4) RETURNING id";
    /// Clients that somebody distributes until a time.
    CLAIMED_QUEUED = "SELECT id FROM calc_client WHERE project_id = $1 AND queued = 1 AND queued_until = $2";
    /// How many events wait.
    DEPTH_OF_INBOX = "SELECT COUNT(*) FROM (SELECT b.number FROM calc_inbox b WHERE b.project_id = $1 AND b.error IS NULL LIMIT $2) \
         AS counted";
    /// How many events cannot be run.
    DEPTH_OF_REFUSED = "SELECT COUNT(*) FROM (SELECT b.number FROM calc_inbox b WHERE b.project_id = $1 AND b.error IS NOT NULL \
         LIMIT $2) AS counted";
    /// How many messages are not confirmed.
    DEPTH_OF_OUTBOX = "SELECT COUNT(*) FROM (SELECT h.number FROM calc_history h WHERE h.project_id = $1 AND h.pending = 1 LIMIT $2) \
         AS counted";
    /// How many requests are not done.
    DEPTH_OF_REQUESTS = "SELECT COUNT(*) FROM (SELECT r.number FROM calc_request r WHERE r.project_id = $1 LIMIT $2) AS counted";
    /// How many scheduled messages are due that nobody holds.
    DEPTH_OF_SCHEDULED = "SELECT COUNT(*) FROM (SELECT s.number FROM calc_scheduled s WHERE s.project_id = $1 AND s.claim_at <= $2 \
         LIMIT $3) AS counted";
    /// How many clients are to be distributed whom nobody distributes.
    DEPTH_OF_QUEUED = "SELECT COUNT(*) FROM (SELECT c.id FROM calc_client c WHERE c.project_id = $1 AND c.queued = 1 \
         AND c.queued_until <= $2 LIMIT $3) AS counted";
    /// Messages whose delivery is not confirmed, those of a client in the order of writing.
    PENDING_MESSAGES = "SELECT client_id, number, body, block_id, written_at FROM calc_history \
         WHERE project_id = $1 AND pending = 1 ORDER BY client_id, number LIMIT $2";
    /// A message arrived.
    CONFIRM_MESSAGE = "UPDATE calc_history SET delivered = 1, pending = 0, error = NULL, message_ids = $1 \
         WHERE project_id = $2 AND client_id = $3 AND number = $4 AND pending = 1 RETURNING number";
    /// A message will never arrive.
    FAIL_MESSAGE = "UPDATE calc_history SET pending = 0, error = $1 \
         WHERE project_id = $2 AND client_id = $3 AND number = $4 AND pending = 1 RETURNING number";

    // Requests: work for the host.

    /// Another request. Its number is a time in microseconds, or the next one, so that none comes again and all have an order.
    ADD_REQUEST = "INSERT INTO calc_request (project_id, client_id, number, kind, target_id, body, block_id, message_ids, operators, \
         priority, asked_at, claim_at, lease) VALUES ($1, $2, (SELECT CASE WHEN COALESCE(MAX(number), 0) < $3 THEN $3 \
         ELSE MAX(number) + 1 END FROM calc_request WHERE project_id = $1 AND client_id = $2), \
         $4, $5, $6, $7, $8, $9, $10, $11, 0, 0)";
    /// The first requests, in order.
    PENDING_REQUESTS = "SELECT ", request_columns!(), " FROM calc_request WHERE project_id = $1 ORDER BY number, client_id LIMIT $2";
    /// The first requests, in order, that nobody holds: each by one only, until a time. A client's come after those before
    /// them that somebody holds.
    CLAIM_REQUESTS = "UPDATE calc_request SET claim_at = $1, lease = $2 WHERE project_id = $3 AND claim_at <= $4 \
         AND (client_id, number) IN (SELECT r.client_id, r.number FROM calc_request r WHERE r.project_id = $3 AND r.claim_at <= $4 \
         AND NOT EXISTS (SELECT e.number FROM calc_request e WHERE e.project_id = r.project_id AND e.client_id = r.client_id \
         AND e.number < r.number AND e.claim_at > $4) ORDER BY r.number, r.client_id LIMIT $5) RETURNING ", request_columns!();
    /// Whether there is a request that can be claimed.
    REQUESTS_ARE_DUE = "SELECT r.client_id FROM calc_request r WHERE r.project_id = $1 AND r.claim_at <= $2 \
         AND NOT EXISTS (SELECT e.number FROM calc_request e WHERE e.project_id = r.project_id AND e.client_id = r.client_id \
         AND e.number < r.number AND e.claim_at > $2) LIMIT 1";
    /// Requests that were claimed under a lease, until a time.
    CLAIMED_REQUESTS = "SELECT ", request_columns!(), " FROM calc_request \
         WHERE project_id = $1 AND claim_at = $2 AND lease = $3";
    /// Whoever holds a request lets go of it: it can be claimed again from a time on.
    POSTPONE_REQUEST = "UPDATE calc_request SET claim_at = $1, lease = 0 WHERE project_id = $2 AND client_id = $3 AND number = $4 \
         AND lease = $5";
    /// A request is done with.
    END_REQUEST = "DELETE FROM calc_request WHERE project_id = $1 AND client_id = $2 AND number = $3 RETURNING number";

    // What is old goes, some clients at a time.

    /// The next clients, in the order of their ids.
    NEXT_CLIENTS = "SELECT id FROM calc_client WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Outcomes of events before a time.
    PRUNE_EVENTS = "DELETE FROM calc_event WHERE project_id = $1 AND client_id >= $2 AND client_id <= $3 AND happened_at < $4 \
         RETURNING client_id";
    /// Refused events of before a time.
    PRUNE_INBOX = "DELETE FROM calc_inbox WHERE project_id = $1 AND client_id >= $2 AND client_id <= $3 AND happened_at < $4 \
         AND error IS NOT NULL RETURNING client_id";
    /// Messages written before a time that wait for nothing.
    PRUNE_MESSAGES = "DELETE FROM calc_history WHERE project_id = $1 AND client_id >= $2 AND client_id <= $3 AND written_at < $4 \
         AND pending = 0 RETURNING client_id";
    /// Visits of blocks that were last entered before a time.
    PRUNE_VISITS = "DELETE FROM calc_visit WHERE project_id = $1 AND client_id >= $2 AND client_id <= $3 AND last_at < $4 \
         RETURNING client_id";

    // Whole projects.

    /// Project ids after one, in order.
    PROJECT_IDS = "SELECT id FROM calc_project WHERE id > $1 ORDER BY id LIMIT 1000";
    /// A project and everything in it goes.
    DELETE_PROJECT = "DELETE FROM calc_project WHERE id = $1";
    /// A new project.
    INSERT_PROJECT = "INSERT INTO calc_project (id, name, time_zone, locale, auto_accept_leads, distribution_enabled, hours_from, \
         hours_to, days_off, window_minutes, next_id, generation) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    /// How often a project has been loaded over the one before.
    GENERATION locks "p" = "SELECT p.generation FROM calc_project p WHERE p.id = $1";
    /// A new operator.
    INSERT_OPERATOR = "INSERT INTO calc_operator (project_id, id, email, email_key, name, status) VALUES ($1, $2, $3, $4, $5, $6)";
    /// What else is known of an operator.
    SET_OPERATOR_DETAILS = "UPDATE calc_operator SET description = $1, contact_email = $2, phone = $3, job_title = $4, \
         custom_field1 = $5, custom_field2 = $6, custom_field3 = $7 WHERE project_id = $8 AND id = $9";
    /// The name of a block.
    INSERT_BLOCK = "INSERT INTO calc_block (project_id, id, name) VALUES ($1, $2, $3)";
    /// A new pipeline.
    INSERT_PIPELINE = "INSERT INTO calc_pipeline (project_id, id, position, name) VALUES ($1, $2, $3, $4)";
    /// A new table.
    INSERT_TABLE = "INSERT INTO calc_table (project_id, id, name, next_record, version) VALUES ($1, $2, $3, $4, 0)";
    /// A new stage.
    INSERT_STAGE = "INSERT INTO calc_stage (project_id, id, pipeline_id, position, name) VALUES ($1, $2, $3, $4, $5)";
    /// A project with its counter.
    DUMP_PROJECT = "SELECT ", project_columns!(), ", p.next_id, p.generation FROM calc_project p WHERE p.id = $1";
    /// The name of a project, and how many clients, deals and tasks it has.
    DUMP_SIZE = "SELECT p.name, (SELECT COUNT(*) FROM calc_client c WHERE c.project_id = p.id), \
         (SELECT COUNT(*) FROM calc_deal d WHERE d.project_id = p.id), \
         (SELECT COUNT(*) FROM calc_task t WHERE t.project_id = p.id) FROM calc_project p WHERE p.id = $1";
    /// All variables of a project.
    DUMP_PROJECT_VARIABLES = "SELECT name, value FROM calc_project_variable WHERE project_id = $1";
    /// All operators of a project.
    DUMP_OPERATORS = "SELECT ", operator_columns!(), ", ", operator_details!(), " FROM calc_operator o WHERE o.project_id = $1 ORDER BY o.id";
    /// The names of all blocks of a project.
    DUMP_BLOCKS = "SELECT id, name FROM calc_block WHERE project_id = $1 ORDER BY id";
    /// All clients of a project.
    DUMP_CLIENTS = "SELECT ", client_columns!(), " FROM calc_client c WHERE c.project_id = $1 ORDER BY c.id";
    /// All variables of all clients.
    DUMP_CLIENT_VARIABLES = "SELECT client_id, name, value FROM calc_client_variable WHERE project_id = $1 \
         ORDER BY client_id";
    /// All drafts of all clients.
    DUMP_DRAFTS = "SELECT client_id, name, value FROM calc_draft_variable WHERE project_id = $1 ORDER BY client_id";
    /// All visits of all clients.
    DUMP_VISITS = "SELECT client_id, block_id, first_at, last_at FROM calc_visit WHERE project_id = $1 \
         ORDER BY client_id, block_id";
    /// All notes of all clients.
    DUMP_NOTES = "SELECT client_id, body, author, written_at FROM calc_note WHERE project_id = $1 ORDER BY client_id, number";
    /// All scheduled messages of all clients.
    DUMP_SCHEDULED = "SELECT client_id, block_id, body, due_at, do_not_cancel FROM calc_scheduled WHERE project_id = $1 \
         ORDER BY client_id, number";
    /// All history of all clients.
    DUMP_HISTORY = "SELECT client_id, ", history_columns!(), " FROM calc_history \
         WHERE project_id = $1 ORDER BY client_id, number";
    /// All assignments of all clients.
    DUMP_ASSIGNMENTS = "SELECT client_id, operator_id, assigned_at FROM calc_assignment WHERE project_id = $1 \
         ORDER BY client_id, number";
    /// All deals of a project.
    DUMP_DEALS = "SELECT ", deal_columns!(), " FROM calc_deal d WHERE d.project_id = $1 ORDER BY d.id";
    /// All variables of all deals.
    DUMP_DEAL_VARIABLES = "SELECT deal_id, name, value FROM calc_deal_variable WHERE project_id = $1 ORDER BY deal_id";
    /// All tasks of a project.
    DUMP_TASKS = "SELECT ", task_columns!(), " FROM calc_task t WHERE t.project_id = $1 ORDER BY t.id";
    /// All lists of a project.
    DUMP_LISTS = "SELECT l.id, l.name FROM calc_list l WHERE l.project_id = $1 ORDER BY l.id";
    /// All labels of a project.
    DUMP_LABELS = "SELECT l.id, l.name, l.color FROM calc_label l WHERE l.project_id = $1 ORDER BY l.id";
    /// All clients of all lists.
    DUMP_LIST_CLIENTS = "SELECT list_id, client_id FROM calc_list_client WHERE project_id = $1 ORDER BY list_id, client_id";
    /// All clients of all labels.
    DUMP_LABEL_CLIENTS = "SELECT label_id, client_id FROM calc_label_client WHERE project_id = $1 ORDER BY label_id, client_id";

    /// All tables of a project.
    DUMP_TABLES = "SELECT t.id, t.name, t.next_record FROM calc_table t WHERE t.project_id = $1 ORDER BY t.id";
    /// The columns of all tables, in order.
    DUMP_COLUMNS = "SELECT table_id, name FROM calc_column WHERE project_id = $1 ORDER BY table_id, position, name";
    /// The records of all tables.
    DUMP_RECORDS = "SELECT table_id, id, cells FROM calc_record WHERE project_id = $1 ORDER BY table_id, id";

    /// All requests of a project.
    DUMP_REQUESTS = "SELECT ", request_columns!(), " FROM calc_request WHERE project_id = $1 ORDER BY number, client_id";

    // One client with everything, and lists a page at a time.

    /// A client.
    SHOW_CLIENT = "SELECT ", client_columns!(), " FROM calc_client c WHERE c.project_id = $1 AND c.id = $2";
    /// All variables of a client.
    SHOW_CLIENT_VARIABLES = "SELECT client_id, name, value FROM calc_client_variable WHERE project_id = $1 AND client_id = $2";
    /// The draft of a client.
    SHOW_DRAFT = "SELECT client_id, name, value FROM calc_draft_variable WHERE project_id = $1 AND client_id = $2";
    /// The visits of a client.
    SHOW_VISITS = "SELECT client_id, block_id, first_at, last_at FROM calc_visit WHERE project_id = $1 AND client_id = $2 \
         ORDER BY block_id";
    /// The notes of a client.
    SHOW_NOTES = "SELECT client_id, body, author, written_at FROM calc_note WHERE project_id = $1 AND client_id = $2 \
         ORDER BY number";
    /// The scheduled messages of a client.
    SHOW_SCHEDULED = "SELECT client_id, block_id, body, due_at, do_not_cancel FROM calc_scheduled \
         WHERE project_id = $1 AND client_id = $2 ORDER BY number";
    /// The history of a client.
    SHOW_HISTORY = "SELECT client_id, ", history_columns!(), " FROM calc_history \
         WHERE project_id = $1 AND client_id = $2 ORDER BY number";
    /// The assignments of a client.
    SHOW_ASSIGNMENTS = "SELECT client_id, operator_id, assigned_at FROM calc_assignment WHERE project_id = $1 AND client_id = $2 \
         ORDER BY number";
    /// A client in its lists.
    SHOW_LIST_CLIENTS = "SELECT list_id, client_id FROM calc_list_client WHERE project_id = $1 AND client_id = $2 ORDER BY list_id";
    /// A client with its labels.
    SHOW_LABEL_CLIENTS = "SELECT label_id, client_id FROM calc_label_client WHERE project_id = $1 AND client_id = $2 \
         ORDER BY label_id";
    /// The deals of a client.
    SHOW_DEALS = "SELECT ", deal_columns!(), " FROM calc_deal d WHERE d.project_id = $1 AND d.client_id = $2 ORDER BY d.id";
    /// The variables of a client's deals.
    SHOW_DEAL_VARIABLES = "SELECT deal_id, name, value FROM calc_deal_variable WHERE project_id = $1 AND client_id = $2 \
         ORDER BY deal_id";
    /// The next clients.
    LIST_CLIENTS = "SELECT ", client_columns!(), " FROM calc_client c WHERE c.project_id = $1 AND c.id > $2 ORDER BY c.id LIMIT 500";
    /// The next deals.
    LIST_DEALS = "SELECT ", deal_columns!(), " FROM calc_deal d WHERE d.project_id = $1 AND d.id > $2 ORDER BY d.id LIMIT 500";
    /// The next tasks.
    LIST_TASKS = "SELECT ", task_columns!(), " FROM calc_task t WHERE t.project_id = $1 AND t.id > $2 ORDER BY t.id LIMIT 500";
    /// The next scheduled messages.
    LIST_SCHEDULED = "SELECT client_id, number, block_id, body, due_at, do_not_cancel FROM calc_scheduled \
         WHERE project_id = $1 AND (client_id, number) > ($2, $3) ORDER BY client_id, number LIMIT 500";
    /// The next events that wait or were refused.
    LIST_INBOX = "SELECT client_id, number, event_id, block_id, body, callback, happened_at, error FROM calc_inbox \
         WHERE project_id = $1 AND (client_id, number) > ($2, $3) ORDER BY client_id, number LIMIT 500";
    /// The next events that were handled.
    LIST_EVENTS = "SELECT client_id, event_id, happened_at FROM calc_event \
         WHERE project_id = $1 AND (client_id, event_id) > ($2, $3) ORDER BY client_id, event_id LIMIT 500";

    // The schema.

    /// The table that holds the version of all others.
    CREATE_SCHEMA_VERSION = "CREATE TABLE IF NOT EXISTS calc_schema (one BIGINT NOT NULL PRIMARY KEY, version BIGINT NOT NULL)";
    /// The version.
    SCHEMA_VERSION = "SELECT version FROM calc_schema WHERE one = 1";
    /// The first version.
    INSERT_SCHEMA_VERSION = "INSERT INTO calc_schema (one, version) VALUES (1, $1)";
    /// Another version.
    UPDATE_SCHEMA_VERSION = "UPDATE calc_schema SET version = $1 WHERE one = 1";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn placeholders_are_numbered_by_first_appearance() {
        for statement in ALL {
            let mut highest = 0;
            for part in statement.sql.split('$').skip(1) {
                let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
                let number: usize = digits.parse().unwrap_or(0);
                assert!(number >= 1 && number <= highest + 1, "{}: ${number} after ${highest}", statement.name);
                highest = highest.max(number);
            }
        }
    }

    #[test]
    fn every_statement_is_scoped_by_project() {
        for statement in ALL {
            let of_the_schema = statement.sql.contains("calc_schema") || statement.sql.contains("SAVEPOINT");
            let scoped = statement.sql.contains("project_id") || statement.sql.contains("calc_project");
            assert!(of_the_schema || scoped, "{}", statement.name);
        }
    }
}
