//! The language without the CRM: a host with functions, a built-in variable and variables of its own.

use std::collections::HashMap;

use calc::engine::Engine;
use calc::function::{Builtin, BuiltinVariable, CallResult, Host, Namespace, Variables};
use calc::value::{Text, Value};
use chrono::DateTime;

/// What the host keeps between runs.
#[derive(Default)]
struct Kitchen(HashMap<String, Value>);

impl Host for Kitchen {
    fn variables(&mut self) -> Option<&mut dyn Variables> {
        Some(self)
    }
}

impl Variables for Kitchen {
    fn read(&mut self, _: Namespace, name: &str) -> CallResult<Option<Value>> {
        Ok(self.0.get(name).cloned())
    }

    fn write(&mut self, _: Namespace, name: &str, value: &Value) -> CallResult<()> {
        self.0.insert(name.to_owned(), value.clone());
        Ok(())
    }

    fn delete(&mut self, _: Namespace, name: &str) -> CallResult<()> {
        self.0.remove(name);
        Ok(())
    }
}

/// Runs a script of the kitchen twice.
///
/// # Errors
/// When the example is wrong.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let prices = HashMap::from([("soup", 290_i64), ("tea", 90)]);
    let price = Builtin::builder("price", "The price of a dish; `None` when it is not on the menu.")
        .parameter::<Text>("dish", "the dish")
        .returns::<Option<i64>>()
        .body(move |_, arguments| Ok(prices.get(arguments.take::<Text>("dish")?.as_str()).copied().into()));
    let table = BuiltinVariable::computed("table", "the table that orders", |_| Ok(Value::Int(7)));
    let engine = Engine::without_crm().function(price).variable(table).build();

    let script = engine
        .compile("bill = if(bill, bill, 0) + price('soup') + price('tea')\n'Table #{table}: #{bill}'")
        .map_err(|wrong| format!("{wrong:?}"))?;
    let (mut kitchen, now) = (Kitchen::default(), DateTime::from_timestamp(1_795_341_600, 0).ok_or("a valid time")?);
    assert_eq!(engine.evaluate_with(&script, now, &mut kitchen)?.to_json(), "Table 7: 380");
    assert_eq!(engine.evaluate_with(&script, now, &mut kitchen)?.to_json(), "Table 7: 760");
    println!("The bill is {:?}", kitchen.0["bill"]);
    Ok(())
}
