//! Compiles the grammar.

fn main() {
    println!("cargo:rerun-if-changed=grammar/calculator.lalrpop");
    println!("cargo:rerun-if-changed=build.rs");
    let out = std::env::var("OUT_DIR").unwrap_or_else(|_| ".".to_owned());
    let result = lalrpop::Configuration::new().set_in_dir("grammar").set_out_dir(out).process();
    if let Err(error) = result {
        eprintln!("{error}");
        std::process::exit(1);
    }
}
