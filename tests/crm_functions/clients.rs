//! Functions about the client and its dialogue, and about operators.

use serde_json::json;

use crate::support::ann;

#[test]
fn clients() {
    ann(|run| {
        run.returns("was_in_state", json!(["12"]), json!(true))
            .returns("was_in_state", json!([13]), json!(false))
            .refuses("was_in_state", json!(["start"]), "message_id", json!(false))
            .returns("days_from_last_message", json!([]), json!(0))
            .returns("get_operator", json!([]), json!("olga@example.com"))
            .returns("get_operator_name", json!([]), json!("Olga"))
            .returns("assign_to_user", json!([" Irina@Example.com "]), json!(true))
            .returns("get_operator_name", json!([]), json!("irina@example.com"))
            .returns("assign_to_user", json!(["pavel@example.com", "1"]), json!(false))
            .returns("assign_to_user", json!(["pavel@example.com", "False"]), json!(true))
            .refuses("assign_to_user", json!(["stranger@example.com"]), "email", json!(false))
            .returns("free_client", json!([]), json!(true))
            .returns("get_operator", json!([]), json!(null))
            .returns("get_operator_name", json!([]), json!(null))
            .returns("distribute_client", json!([]), json!(true))
            .returns("get_operator", json!([]), json!("olga@example.com"))
            .returns("delete_pended_messages", json!(["False"]), json!(true))
            .returns("get_bind_clients", json!([]), json!([103]))
            .returns("get_current_pipline_id", json!([]), json!(1));
    });
}

#[test]
fn scheduled_messages_and_the_flag() {
    for (flag, dropped) in [(json!("false"), false), (json!(0), false), (json!(null), true), (json!(true), true)] {
        ann(|run| {
            run.returns("delete_pended_messages", json!([flag]), json!(true));
            assert_eq!(run.effects() > 0, dropped, "{flag}");
        });
    }
}

#[test]
fn marks_of_the_client() {
    ann(|run| {
        run.returns("set_note", json!([15]), json!(true))
            .refuses("set_note", json!(["  "]), "comment", json!(false))
            .returns("add_unread", json!([]), json!(true))
            .returns("add_unread", json!(["5"]), json!(true))
            .refuses("add_unread", json!([-1]), "count", json!(false))
            .refuses("add_unread", json!([1.5]), "count", json!(false))
            .returns("clear_unread", json!([]), json!(true));
        run.returns("unsubscribe", json!([]), json!(true)).reads("notSubscribed", json!(1));
        run.returns("block_client", json!([]), json!(true)).reads("clientBlocked", json!(1));
        run.returns("unblock_client", json!([]), json!(true)).reads("clientBlocked", json!(0));
        run.returns("set_client_name", json!(["Ann Smith"]), json!(true))
            .reads("name", json!("Ann Smith"))
            .reads("full_name", json!("Ann Smith"))
            .refuses("set_client_name", json!([" "]), "name", json!(false));
    });
}

#[test]
fn the_status_of_an_operator() {
    ann(|run| {
        run.returns("check_operator_status", json!(["olga@example.com"]), json!(true))
            .returns("check_operator_status", json!(["pavel@example.com"]), json!(true))
            .returns("check_operator_status", json!(["pavel@example.com", 0]), json!(false))
            .refuses("check_operator_status", json!(["stranger@example.com"]), "email", json!(null));
    });
}
