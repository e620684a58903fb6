use matching::*;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let inst: Instance = serde_json::from_str(&std::fs::read_to_string(&a[1]).unwrap()).unwrap();
    let budget = Budget { passes: a[2].parse().unwrap(), moves: a[3].parse().unwrap(), seed: 1 };
    let t = std::time::Instant::now();
    let mut k = 0;
    let s = solve(&inst, budget, |p| {
        k += 1;
        if k % 5 == 1 {
            println!(
                "{} {:.5e} ub {:.5e} gap {:.3}% {:?}",
                p.moves,
                p.objective as f64,
                p.upper_bound as f64,
                100.0 * (p.upper_bound - p.objective) as f64 / p.upper_bound as f64,
                t.elapsed()
            );
        }
    })
    .unwrap();
    println!("done {:?}", t.elapsed());
    let v = verify::verify(&inst, &s);
    println!(
        "obj {:.5e} ub {:.5e} {:?} awarded {} util {:.2} gap {:.3}%",
        v.objective as f64,
        v.upper_bound.unwrap() as f64,
        v.violations.iter().take(5).collect::<Vec<_>>(),
        v.awarded,
        100.0 * v.gpu_weeks.0 as f64 / v.gpu_weeks.1 as f64,
        v.gap().unwrap() as f64 / 1e4
    );
    if a.len() > 4 {
        std::fs::write(&a[4], serde_json::to_string(&s).unwrap()).unwrap();
    }
}
