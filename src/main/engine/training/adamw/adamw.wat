;; AdamW (adamw.ts) on arrays of float32 in the memory of TensorFlow.js's wasm backend, four weights at once.
;; Addresses in bytes, counts in values. adamw-module.ts holds this file compiled; a test compares them.
(module
  (import "backend" "memory" (memory 1))

  ;; Sum of the squares, in float64.
  (func (export "squares") (param $at i32) (param $count i32) (result f64)
    (local $end i32) (local $lanesEnd i32) (local $values v128) (local $sums v128) (local $sum f64)
    (local.set $end (i32.add (local.get $at) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $lanesEnd (i32.add (local.get $at) (i32.shl (i32.and (local.get $count) (i32.const -4)) (i32.const 2))))
    (block $lanesDone
      (loop $lanes
        (br_if $lanesDone (i32.ge_u (local.get $at) (local.get $lanesEnd)))
        (local.set $values (v128.load align=4 (local.get $at)))
        (local.set $sums
          (f64x2.add (local.get $sums)
            (f64x2.mul (f64x2.promote_low_f32x4 (local.get $values)) (f64x2.promote_low_f32x4 (local.get $values)))))
        (local.set $values (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $values) (local.get $values)))
        (local.set $sums
          (f64x2.add (local.get $sums)
            (f64x2.mul (f64x2.promote_low_f32x4 (local.get $values)) (f64x2.promote_low_f32x4 (local.get $values)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $lanes)))
    (local.set $sum (f64.add (f64x2.extract_lane 0 (local.get $sums)) (f64x2.extract_lane 1 (local.get $sums))))
    (block $done
      (loop $rest
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $sum
          (f64.add (local.get $sum)
            (f64.mul (f64.promote_f32 (f32.load (local.get $at))) (f64.promote_f32 (f32.load (local.get $at))))))
        (local.set $at (i32.add (local.get $at) (i32.const 4)))
        (br $rest)))
    (local.get $sum))

  ;; m ← β1·m + (1 − β1)·g;  v ← β2·v + (1 − β2)·g²;  w ← shrink·w − rate·m / (√(correction·v) + ε), where g = scale·gradient
  (func (export "update")
    (param $weight i32) (param $gradient i32) (param $first i32) (param $second i32) (param $count i32)
    (param $scale f32) (param $beta1 f32) (param $gain1 f32) (param $beta2 f32) (param $gain2 f32)
    (param $shrink f32) (param $rate f32) (param $correction f32) (param $epsilon f32)
    (local $end i32) (local $lanesEnd i32) (local $g v128) (local $m v128) (local $v v128)
    (local $gOne f32) (local $mOne f32) (local $vOne f32)
    (local.set $end (i32.add (local.get $weight) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $lanesEnd (i32.add (local.get $weight) (i32.shl (i32.and (local.get $count) (i32.const -4)) (i32.const 2))))
    (block $lanesDone
      (loop $lanes
        (br_if $lanesDone (i32.ge_u (local.get $weight) (local.get $lanesEnd)))
        (local.set $g (f32x4.mul (f32x4.splat (local.get $scale)) (v128.load align=4 (local.get $gradient))))
        (local.set $m
          (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $beta1)) (v128.load align=4 (local.get $first)))
            (f32x4.mul (f32x4.splat (local.get $gain1)) (local.get $g))))
        (local.set $v
          (f32x4.add
            (f32x4.mul (f32x4.splat (local.get $beta2)) (v128.load align=4 (local.get $second)))
            (f32x4.mul (f32x4.mul (f32x4.splat (local.get $gain2)) (local.get $g)) (local.get $g))))
        (v128.store align=4 (local.get $first) (local.get $m))
        (v128.store align=4 (local.get $second) (local.get $v))
        (v128.store align=4 (local.get $weight)
          (f32x4.sub
            (f32x4.mul (f32x4.splat (local.get $shrink)) (v128.load align=4 (local.get $weight)))
            (f32x4.div
              (f32x4.mul (f32x4.splat (local.get $rate)) (local.get $m))
              (f32x4.add
                (f32x4.sqrt (f32x4.mul (f32x4.splat (local.get $correction)) (local.get $v)))
                (f32x4.splat (local.get $epsilon))))))
        (local.set $weight (i32.add (local.get $weight) (i32.const 16)))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
        (local.set $first (i32.add (local.get $first) (i32.const 16)))
        (local.set $second (i32.add (local.get $second) (i32.const 16)))
        (br $lanes)))
    (block $done
      (loop $rest
        (br_if $done (i32.ge_u (local.get $weight) (local.get $end)))
        (local.set $gOne (f32.mul (local.get $scale) (f32.load (local.get $gradient))))
        (local.set $mOne
          (f32.add
            (f32.mul (local.get $beta1) (f32.load (local.get $first)))
            (f32.mul (local.get $gain1) (local.get $gOne))))
        (local.set $vOne
          (f32.add
            (f32.mul (local.get $beta2) (f32.load (local.get $second)))
            (f32.mul (f32.mul (local.get $gain2) (local.get $gOne)) (local.get $gOne))))
        (f32.store (local.get $first) (local.get $mOne))
        (f32.store (local.get $second) (local.get $vOne))
        (f32.store (local.get $weight)
          (f32.sub
            (f32.mul (local.get $shrink) (f32.load (local.get $weight)))
            (f32.div
              (f32.mul (local.get $rate) (local.get $mOne))
              (f32.add (f32.sqrt (f32.mul (local.get $correction) (local.get $vOne))) (local.get $epsilon)))))
        (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 4)))
        (local.set $first (i32.add (local.get $first) (i32.const 4)))
        (local.set $second (i32.add (local.get $second) (i32.const 4)))
        (br $rest)))))
