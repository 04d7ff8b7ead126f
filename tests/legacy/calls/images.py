"""tf.image."""

SHAPES = "f(8,6,3) | f(N,N,3) | f(N,N,N) | f(U) | f(2,8,6,3) | f(N,8,6,3) | f(N,N,N,3)"
# What stands behind || is called with plain arguments alone.
IMAGES = SHAPES + " || f(8,N,3) | f(8,6,N) | u(8,6,3) | u(N,N,3) | u(N,N,N) | u(U) | f(2,N,6,3) | " \
    "f(2,8,6,N) | f(N,N,N,N) | u(2,8,6,3) | u(N,N,N,N)"
MORE = "h(8,6,3) | d(8,6,3) | d(N,N,N) | i(8,6,3) | np.zeros([8, 6, 3], 'float32') | " \
       "np.zeros([2, 8, 6, 3], 'uint8') | v(8,6,3) | u16(8,6,3)"
ALL = IMAGES + " | " + MORE
TYPES = SHAPES + " | u(8,6,3) | u(N,N,N) | d(8,6,3) | i(8,6,3) || " + IMAGES.split(" || ")[1] + " | " + MORE
BATCHES = ALL
COLOURS = IMAGES + " | f(3) | f(N,3) | f(2,3,8,6,3) | f(N,N,N,N,3) | " + MORE
SIZE = "[4, 5] | (4, 5) | [c(4), 5] | [i(), 5] | c([4, 5]) | i(2) | i(N) | i(U) | [i(), i()] | " \
       "np.array([4, 5])"
FLAG = "True | False"
BOXES = "f(2,5,4) | f(N,N,4) | f(U)"
JPEG = "s() | c('a') | tf.read_file('a') | tf.read_file(s())"


def number(plain, *others):
    return " | ".join((plain, f"c({plain})", "i()") + others)


def real(plain):
    return f"{plain} | c({plain}) | f() | f(U)"


ROWS = [
    ("tf.image.adjust_brightness", ALL, real("0.1")),
    ("tf.image.adjust_contrast", ALL, real("1.5")),
    ("tf.image.adjust_gamma", ALL, f"gamma={real('2.')}", f"gain={real('1.5')}"),
    ("tf.image.adjust_hue", COLOURS, real("0.1")),
    ("tf.image.adjust_saturation", COLOURS, real("0.5")),
    ("tf.image.adjust_jpeg_quality", "f(8,6,3) | u(8,6,3) | f(N,N,3) | f(U)", number("90")),
    ("tf.image.central_crop", ALL, "0.5 | 1.0"),
    ("tf.image.convert_image_dtype", TYPES + " | l(8,6,3) | l(N)",
     "tf.float32 | tf.uint8 | tf.float64 | tf.float16 | tf.int32 | tf.uint16 | tf.int64 | tf.int8",
     "saturate=True | False"),
    ("tf.image.crop_and_resize", "f(2,8,6,3) | u(2,8,6,3) | f(N,N,N,3) | f(U)", "f(2,4) | f(N,4)",
     "i(2) | i(N) | c([0, 1])", "[4, 5] | i(2) | c([4, 5])", "method='nearest'",
     "extrapolation_value=1."),
    ("tf.image.crop_to_bounding_box", ALL, number("1", "l()", "np.int64(1)"), number("2"),
     number("4", "l()"), number("3")),
    ("tf.image.pad_to_bounding_box", ALL, number("1", "np.int64(1)"), number("2"),
     number("14"), number("13")),
    ("tf.image.decode_and_crop_jpeg", JPEG, "[0, 0, 4, 4] | i(4)", "channels=3"),
    ("tf.image.decode_bmp", JPEG, "channels=3"),
    ("tf.image.decode_gif", JPEG),
    ("tf.image.decode_image", JPEG, "channels=3 | 1 | 0", "dtype=tf.float32",
     "expand_animations=False"),
    ("tf.image.decode_jpeg", JPEG, "channels=3 | 1 | 0", "ratio=2", "fancy_upscaling=False",
     "dct_method='INTEGER_FAST'"),
    ("tf.image.decode_png", JPEG, "channels=3 | 1", "dtype=tf.uint16"),
    ("tf.image.draw_bounding_boxes", "f(2,8,6,3) | f(N,N,N,3) | f(U)", BOXES, "name='a'"),
    ("tf.image.encode_jpeg", "u(8,6,3) | u(N,N,3) | u(U)", "quality=90", "format='rgb'"),
    ("tf.image.encode_png", "u(8,6,3) | u(N,N,3) | u(U)", "compression=1"),
    ("tf.image.extract_glimpse", "f(2,8,6,3) | f(N,N,N,3) | f(U)", "[3, 3] | i(2)", "f(2,2) | f(N,2)",
     "centered=False", "uniform_noise=False"),
    ("tf.image.extract_image_patches", "f(2,8,6,3) | f(N,N,N,3)", "[1, 2, 2, 1]", "[1, 1, 1, 1]",
     "[1, 1, 1, 1]", "'VALID' | 'SAME'"),
    ("tf.image.extract_jpeg_shape", JPEG), ("tf.image.is_jpeg", JPEG),
    ("tf.image.flip_left_right", ALL), ("tf.image.flip_up_down", ALL),
    ("tf.image.random_flip_left_right", ALL, "seed=3"),
    ("tf.image.random_flip_up_down", ALL, "seed=3"),
    ("tf.image.grayscale_to_rgb", "f(8,6,1) | f(N,N,1) | f(8,6,N) | f(N,N,N) | f(U) | u(8,6,1) | "
     "u(N,N,N) | f(2,8,6,1) | f(N,N,N,1) | f(N,8,6,1) | f(N,N,N,N) | u(2,8,6,1)"),
    ("tf.image.rgb_to_grayscale", COLOURS),
    ("tf.image.hsv_to_rgb", "f(8,6,3) | f(N,N,3) | f(U) | f(2,8,6,3)"),
    ("tf.image.rgb_to_hsv", "f(8,6,3) | f(N,N,3) | f(U) | f(2,8,6,3)"),
    ("tf.image.rgb_to_yiq", "f(8,6,3) | f(N,N,3) | f(N,8,6,3) | f(N,N,N) | d(8,6,3)"),
    ("tf.image.rgb_to_yuv", "f(8,6,3) | f(N,N,3) | f(N,8,6,3) | f(N,N,N) | d(8,6,3)"),
    ("tf.image.yiq_to_rgb", "f(8,6,3) | f(N,N,3) | f(N,8,6,3) | f(N,N,N)"),
    ("tf.image.yuv_to_rgb", "f(8,6,3) | f(N,N,3) | f(N,8,6,3) | f(N,N,N)"),
    ("tf.image.image_gradients", "f(2,8,6,3) | f(N,N,N,3) | f(N,8,6,3)"),
    ("tf.image.non_max_suppression", "f(5,4) | f(N,4)", "f(5) | f(N)", number("3"),
     f"iou_threshold={real('0.5')}", f"score_threshold={real('0.1')}"),
    ("tf.image.non_max_suppression_overlaps", "f(5,5) | f(N,N)", "f(5) | f(N)", number("3")),
    ("tf.image.non_max_suppression_padded", "f(5,4) | f(N,4)", "f(5) | f(N)", number("3"),
     "pad_to_max_output_size=True"),
    ("tf.image.non_max_suppression_with_scores", "f(5,4) | f(N,4)", "f(5) | f(N)", number("3"),
     "soft_nms_sigma=0.5"),
    ("tf.image.combined_non_max_suppression", "f(2,5,1,4) | f(N,N,1,4)", "f(2,5,3) | f(N,N,3)",
     number("3"), number("4"), "pad_per_class=True"),
    ("tf.image.per_image_standardization", ALL),
    ("tf.image.psnr", "f(8,6,3) | f(2,8,6,3) | f(N,N,N,3) | f(U) | u(8,6,3)",
     "f(8,6,3) | f(2,8,6,3) | f(N,N,N,3) | u(8,6,3)", f"{real('1.0')} | 255"),
    ("tf.image.ssim", "f(2,16,16,3) | f(16,16,3) | f(N,16,16,3) | f(N,N,N,3) | f(N,N,N,N) | f(U) | "
     "u(2,16,16,3)", "f(2,16,16,3) | f(16,16,3) | f(N,N,N,3) | u(2,16,16,3)",
     f"{real('1.0')} | 255", "filter_size=7"),
    ("tf.image.ssim_multiscale", "f(2,256,256,3) || f(N,N,N,3) | u(2,256,256,3)",
     "f(2,256,256,3)", "1.0"),
    ("tf.image.random_brightness", ALL, "0.2", "seed=3"),
    ("tf.image.random_contrast", ALL, "0.2", "1.8", "seed=3"),
    ("tf.image.random_hue", COLOURS, "0.2", "seed=3"),
    ("tf.image.random_saturation", COLOURS, "0.2", "1.8", "seed=3"),
    ("tf.image.random_jpeg_quality", "f(8,6,3) | u(8,6,3) | f(N,N,3) | f(U)", "70", "90", "seed=3"),
    ("tf.image.random_crop", ALL, "[4, 3, 3] | [4, 3, 1] | [c(4), 3, 3] | [i(), i(), 3] | i(3) | "
     "i(N) | c([4, 3, 3]) | np.array([4, 3, 3])", "seed=3"),
    ("tf.random_crop", "f(8,6,3) | f(N,N,3) | f(N,N,N) | f(U) | u(8,6,3)",
     "[4, 3, 3] | [4, 3, 1] | [c(4), 3, 3] | [i(), i(), 3] | i(3) | i(N) | c([4, 3, 3])", "seed=3"),
    ("tf.random_crop", "f(9) | f(N) | f(2,8,6,3) | f(N,N,N,3)", "[4] | [2, 4, 3, 3] | i(4) | i(N)",
     "seed=3"),
    ("tf.image.resize_images", ALL, SIZE,
     "method=0 | 1 | 2 | 3 | tf.image.ResizeMethod.BICUBIC | i()", f"align_corners={FLAG}",
     f"preserve_aspect_ratio={FLAG}", "name='a'"),
    ("tf.image.resize", BATCHES, SIZE, "method=0 | 1 | 2 | 3", f"align_corners={FLAG}",
     f"preserve_aspect_ratio={FLAG}"),
    ("tf.image.resize_images", SHAPES, "[4, 6] | [8, 6] | [8, 12] | i(2)",
     "preserve_aspect_ratio=True", "method=1"),
    ("tf.image.resize_images", "f(1,4,6,3)", "[3, 3]", "0", "False", "True"),
    ("tf.image.resize_area", "f(2,8,6,3) | f(N,N,N,3) | f(U) | u(2,8,6,3)", SIZE,
     f"align_corners={FLAG}"),
    ("tf.image.resize_bicubic", "f(2,8,6,3) | f(N,N,N,3) | f(U) | u(2,8,6,3)", SIZE,
     f"align_corners={FLAG}", f"half_pixel_centers={FLAG}"),
    ("tf.image.resize_bilinear", "f(2,8,6,3) | f(N,N,N,3) | f(U) | u(2,8,6,3)", SIZE,
     f"align_corners={FLAG}", f"half_pixel_centers={FLAG}"),
    ("tf.image.resize_nearest_neighbor", "f(2,8,6,3) | f(N,N,N,3) | f(U) | u(2,8,6,3)", SIZE,
     f"align_corners={FLAG}", f"half_pixel_centers={FLAG}"),
    ("tf.image.resize_image_with_crop_or_pad", ALL, number("4") + " | 12 | 8 | np.int64(4)",
     number("3") + " | 12 | 6"),
    ("tf.image.resize_image_with_pad", IMAGES, number("4") + " | 12", number("3") + " | 12",
     "method=1 | 2 | 3", "align_corners=True"),
    ("tf.image.rot90", ALL, f"k={number('1')} | 0 | 2 | 3 | 5"),
    ("tf.image.sample_distorted_bounding_box", "i(3) | i(N) | c([8, 6, 3]) | [8, 6, 3]",
     "f(1,2,4) | f(N,N,4) | np.zeros([1, 1, 4], 'float32')", "seed=3",
     f"min_object_covered={real('0.2')}", "aspect_ratio_range=[0.9, 1.1]", "area_range=[0.2, 1.0]",
     "max_attempts=50", "use_image_if_no_bounding_boxes=True"),
    ("tf.image.sobel_edges", "f(2,8,6,3) | f(N,N,N,3) | f(N,8,6,3) | f(N,N,N,N)"),
    ("tf.image.total_variation", IMAGES),
    ("tf.image.transpose_image", ALL), ("tf.image.transpose", IMAGES),
]
