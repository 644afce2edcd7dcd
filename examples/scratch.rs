use calc::syntax::*;
fn main() {
    let src = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let d = if std::env::args().nth(2).is_some() { Dialect::Mavibot } else { Dialect::Strict };
    let opts = Options { dialect: d, nesting: 200, is_function: &|n| n == "len" };
    let t = std::time::Instant::now();
    let p = parse(&src, opts);
    let e = t.elapsed();
    let r = calc::diagnostic::render::Renderer::new("a.calc", &src, false);
    for d in &p.diagnostics { print!("{}", r.render(d)); }
    println!("{} statements {:?} {:.1} MB/s", p.ast.block(p.ast.root()).len(), e, src.len() as f64 / e.as_secs_f64() / 1e6);
}
