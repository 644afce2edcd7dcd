//! Variables that outlive a block: whose they are, how long they live, how many there may be.

use calc::crm::ClientId;
use serde_json::json;

use crate::harness::{BARE_CLIENT, CLIENT, DEAL, codes, demo_store, dump, event, row, run, run_block, value};

#[test]
fn variables_live_on_with_their_type_and_scope() {
    let store = demo_store();
    run(
        &store,
        "a = 1\nb = 1.5\nc = '1'\nd = [1, 'x', None, True, {'k': 0.1}]\ne = {'я': []}\nf = True\nclient.g = 'client'\nproject.h = 'project'",
    );
    assert_eq!(
        value(&store, "[a, b, c, d, e, f, g, h]"),
        json!([1, 1.5, "1", [1, "x", null, true, {"k": 0.1}], {"я": []}, true, "client", "project"])
    );
    assert_eq!(
        value(&store, "[type(a), type(b), type(c), type(d), type(e), type(f)]"),
        json!(["int", "float", "str", "list", "dict", "bool"])
    );
    let dump = dump(&store);
    assert_eq!(row(&dump, "deals", DEAL)["variables"]["a"], json!(1));
    assert_eq!(row(&dump, "clients", CLIENT)["variables"], json!({"g": "client"}));
    assert_eq!(dump["project"]["variables"], json!({"h": "project"}));
    // Another client sees the project's alone.
    let other = run_block(&store, ClientId(102), None, "x = [a == None, g == None, h]", "", &event());
    assert_eq!(other.variables["x"], json!([true, true, "project"]));
}

#[test]
fn a_bare_name_is_looked_for_in_order() {
    let store = demo_store();
    run(&store, "project.x = 'project'");
    assert_eq!(value(&store, "x"), json!("project"));
    run(&store, "client.x = 'client'");
    assert_eq!(value(&store, "x"), json!("client"));
    run(&store, "x = 'deal'");
    assert_eq!(value(&store, "[x, client.x, project.x]"), json!(["deal", "client", "project"]));
    run(&store, "del x");
    assert_eq!(value(&store, "x"), json!("client"));
    assert_eq!(value(&store, "name = 'own'\nname"), json!("own"));
    assert_eq!(value(&store, "name"), json!("own"));
    assert_eq!(value(&store, "del name\nname"), json!("Ann Miller"));
}

#[test]
fn a_draft_is_taken_over_by_the_next_deal() {
    let store = demo_store();
    run_block(&store, BARE_CLIENT, None, "size = 'XL'\ncolour = 'red'", "", &event());
    assert_eq!(row(&dump(&store), "clients", BARE_CLIENT)["draft"], json!({"size": "XL", "colour": "red"}));
    let outcome = run_block(&store, BARE_CLIENT, None, "colour = 'blue'\nid = create_order('First')\nx = [size, colour]", "", &event());
    assert_eq!(outcome.variables["x"], json!(["XL", "blue"]));
    let id = outcome.variables["id"].as_i64().expect("an id");
    let dump = dump(&store);
    assert_eq!(row(&dump, "clients", BARE_CLIENT)["draft"], json!({}));
    let variables = row(&dump, "deals", id)["variables"].clone();
    assert_eq!((&variables["size"], &variables["colour"], &variables["id"]), (&json!("XL"), &json!("blue"), &json!(id)));
}

#[test]
fn create_order_switches_bare_names() {
    let store = demo_store();
    run(&store, "colour = 'red'");
    let outcome = run(
        &store,
        "_old = get_order_id()\nid = create_order('Second')\nwas = colour\ncolour = 'blue'\nold_colour = get_order_var(_old, 'colour')",
    );
    assert_eq!(outcome.variables["was"], json!(null));
    assert_eq!(outcome.variables["old_colour"], json!("red"));
    let id = outcome.variables["id"].as_i64().expect("an id");
    let dump = dump(&store);
    assert_eq!(row(&dump, "deals", DEAL)["variables"], json!({"colour": "red"}));
    // What was assigned from create_order itself is the new deal's.
    assert_eq!(row(&dump, "deals", id)["variables"]["id"], json!(id));
    assert_eq!(row(&dump, "deals", id)["variables"]["colour"], json!("blue"));
    // A deal made for another client moves nothing here.
    let outcome = run(&store, "colour = 'green'\ncreate_order('Theirs', phone='+7 926 765-43-21')\nx = colour");
    assert_eq!(outcome.variables["x"], json!("green"));
}

#[test]
fn transferred_variables() {
    let store = demo_store();
    run(&store, "a = 1\nb = 2\nc = 3");
    assert_eq!(value(&store, "create_order('Next', transfer_vars=['a', 'c', 'zzz'])\n[a, b == None, c]"), json!([1, true, 3]));
}

#[test]
fn set_order_var_and_bare_names_see_each_other() {
    let store = demo_store();
    assert_eq!(value(&store, "x = 1\nset_order_var(get_order_id(), 'x', 2)\nx"), json!(2));
    assert_eq!(value(&store, "x = 3\nget_order_var(get_order_id(), 'x')"), json!(3));
    assert_eq!(value(&store, "x = 4\nset_order_vars(get_order_id(), {'x': 5, 'y': 6})\n[x, y]"), json!([5, 6]));
    assert_eq!(value(&store, "set_order_var(get_order_id(), 'x', '')\nx == None"), json!(true));
    assert_eq!(value(&store, "set_client_var(client_id, 'z', 7)\nz"), json!(7));
}

#[test]
fn what_goes_with_a_deleted_deal() {
    let store = demo_store();
    run(&store, "x = 1");
    let outcome = run(&store, "x = 2\ny = 3\ndelete_order(get_order_id())\nz = [x == None, y == None]");
    assert_eq!(outcome.variables["z"], json!([true, true]));
}

#[test]
fn names_with_an_underscore_are_never_kept() {
    let store = demo_store();
    let outcome = run(&store, "_a = 1\nclient._b = 2\nproject._c = 3\nd = [_a, client._b, project._c]");
    assert_eq!(outcome.variables.keys().collect::<Vec<_>>(), ["d"]);
    assert_eq!(outcome.variables["d"], json!([1, 2, 3]));
    assert_eq!(value(&store, "[_a == None, client._b == None, project._c == None]"), json!([true, true, true]));
}

#[test]
fn empty_and_none_are_held_until_the_end_then_deleted() {
    let store = demo_store();
    run(&store, "x = 1\ny = 2\nclient.x = 'client'");
    assert_eq!(value(&store, "x = ''\ny = None\n[x, y, x == '']"), json!(["", null, true]));
    assert_eq!(row(&dump(&store), "deals", DEAL)["variables"], json!({}));
    assert_eq!(value(&store, "x"), json!("client"));
    // `x =` and `del x` do it at once.
    run(&store, "x = 1");
    assert_eq!(value(&store, "x =\nx"), json!("client"));
    run(&store, "x = 1");
    assert_eq!(value(&store, "del x\nx"), json!("client"));
}

#[test]
fn at_most_a_thousand_variables() {
    let store = demo_store();
    let many = |count: usize| (0..count).map(|i| format!("v{i} = {i}\n")).collect::<String>();
    assert!(run(&store, &many(1_000)).is_fine());
    let before = dump(&store);
    let outcome = run(&store, "one_more = 1");
    assert_eq!(codes(&outcome), ["E0510"]);
    assert_eq!(row(&before, "deals", DEAL), row(&dump(&store), "deals", DEAL));
    // They are counted at the end.
    assert!(run(&store, "one_more = 1\ndel v5").is_fine());
    assert!(run(&store, "_temporary = 1").is_fine());
    // A client has a thousand of its own.
    assert!(run(&store, "client.x = 1").is_fine());
}

#[test]
fn at_most_a_hundred_thousand_characters() {
    let store = demo_store();
    assert!(run(&store, "x = 'я' * 100000").is_fine());
    assert_eq!(codes(&run(&store, "y = 1\nx = 'я' * 100001")), ["E0509"]);
    assert_eq!(value(&store, "[len(x), y == None]"), json!([100_000, true]));
    assert_eq!(codes(&run(&store, "x = ['a' * 60000, 'a' * 60000]")), ["E0509"]);
    assert_eq!(codes(&run(&store, "my_variables = 'я' * 100001")), ["E0509"], "no code goes by the words of a message");
    assert!(run(&store, "x = 'a' * 200000\nx = 'short'").is_fine(), "only what is stored is judged");
    assert!(run(&store, "_x = 'a' * 200000").is_fine());
}

#[test]
fn the_limit_of_a_variable_has_its_place() {
    let store = demo_store();
    let outcome = run(&store, "short = 1\nlong = 'a' * 100001");
    assert_eq!((outcome.diagnostics[0].line, outcome.diagnostics[0].column), (2, 1));
}
