using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Drawings;

/// <summary>What the encoder saw in the picture of an eye.</summary>
/// <param name="image">The picture.</param>
/// <param name="eye">What was made of it.</param>
internal sealed class EyeDrawing(GrayImage image, IrisEncoded eye)
{
    private const string PupilColour = "#E69F00";
    private const string LimbusColour = "#0072B2";
    private const string LidColour = "#CC79A7";
    private const string Hidden = "rgb(213,94,0)";

    /// <summary>Width of a drawn code, and height of one of its rows of bits.</summary>
    private const int CodeWidth = 768;
    private const int BitHeight = 3;
    private const int Header = 22;

    /// <summary>How far over the iris' border a lid is drawn, in radii.</summary>
    private const double LidReach = 1.1;

    private const byte One = 0;
    private const byte Zero = 255;
    private const byte Masked = 160;

    /// <summary>What can be drawn of an eye.</summary>
    public static IReadOnlyList<DrawingKind> Kinds { get; } =
        [DrawingKind.Image, DrawingKind.Contours, DrawingKind.Mask, DrawingKind.Code];

    /// <summary>Those of some kinds that an eye has, with its borders; null where none is asked for.</summary>
    public static DrawnPicture? Of(GrayImage image, IrisEncoded eye, IReadOnlyList<DrawingKind> kinds)
    {
        EyeDrawing drawing = new(image, eye);
        return kinds.Count == 0 ? null : new DrawnPicture(
            image.Width, image.Height, [.. kinds.Where(Kinds.Contains).Select(drawing.Of)], drawing.Lines());
    }

    /// <summary>Pupil, outer border and lids; 128 points for a turn.</summary>
    public IReadOnlyList<DrawnLine> Lines()
    {
        List<DrawnLine> lines =
        [
            new("pupil", PointsOf(eye.Outline.Pupil, Turn.Of128)),
            new("limbus", PointsOf(eye.Outline.Limbus, Turn.Of128)),
        ];
        if (eye.Outline.UpperLid is { } upper)
        {
            lines.Add(new DrawnLine("upper-lid", PointsOf(upper)));
        }

        if (eye.Outline.LowerLid is { } lower)
        {
            lines.Add(new DrawnLine("lower-lid", PointsOf(lower)));
        }

        return lines;
    }

    /// <summary>One drawing alone.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of an eye's.</exception>
    public Drawing Of(DrawingKind kind) => new(kind, kind switch
    {
        DrawingKind.Image => SvgSheet.Png(image),
        DrawingKind.Contours => Contours(),
        DrawingKind.Mask => Mask(),
        DrawingKind.Code => Codes(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "wanted what is drawn of an eye"),
    });

    private static LinePoint[] PointsOf(EyeContour contour, Turn turn)
    {
        double[] radii = contour.Radii(turn);
        return
        [
            .. radii.Select((radius, i) => new LinePoint(
                contour.CentreX + (radius * turn.Cos[i]), contour.CentreY - (radius * turn.Sin[i]))),
        ];
    }

    /// <summary>The part of a lid's edge that lies over the iris, from left to right.</summary>
    private LinePoint[] PointsOf(EyelidEdge lid)
    {
        const int Steps = 48;
        EyeContour limbus = eye.Outline.Limbus;
        return
        [
            .. Enumerable.Range(0, Steps + 1).Select(i => LidReach * ((2.0 * i / Steps) - 1))
                .Where(x => (x * x) + (lid.At(x) * lid.At(x)) <= LidReach * LidReach)
                .Select(x => new LinePoint(
                    limbus.MiddleX + (x * limbus.Radius), limbus.MiddleY - (lid.At(x) * limbus.Radius))),
        ];
    }

    private byte[] Contours()
    {
        SvgSheet sheet = new(image.Width, image.Height, "Pupil, outer border of the iris and lids over the picture");
        sheet.Image(image, image.Width, image.Height);
        foreach (DrawnLine line in Lines())
        {
            string colour = line.Name switch
            {
                "pupil" => PupilColour,
                "limbus" => LimbusColour,
                _ => LidColour,
            };
            sheet.Path([line.Points], colour != LidColour, colour, "none");
        }

        return sheet.ToBytes();
    }

    private byte[] Mask()
    {
        double visible = 100 * eye.Unrolled.VisibleShare;
        SvgSheet sheet = new(
            image.Width, image.Height, FormattableString.Invariant($"{visible:0} % of the iris is visible"));
        sheet.Image(image, image.Width, image.Height);
        sheet.Path(HiddenAreas(), isClosed: true, "none", Hidden);
        sheet.Path(
            [PointsOf(eye.Outline.Pupil, Turn.Of128), PointsOf(eye.Outline.Limbus, Turn.Of128)], isClosed: true,
            LimbusColour, "none");
        return sheet.ToBytes();
    }

    /// <summary>Each run of hidden pixels of a row of the unrolled iris, where it lies in the picture.</summary>
    private IEnumerable<LinePoint[]> HiddenAreas()
    {
        LinePoint[] inner = PointsOf(eye.Outline.Pupil, Turn.Of512);
        LinePoint[] outer = PointsOf(eye.Outline.Limbus, Turn.Of512);
        for (int row = 0; row < PolarIris.Rows; row++)
        {
            int start = -1;
            for (int column = 0; column <= PolarIris.Columns; column++)
            {
                bool isHidden = column < PolarIris.Columns
                    && !eye.Unrolled.Visible[(row * PolarIris.Columns) + column];
                if (isHidden && start < 0)
                {
                    start = column;
                }
                else if (!isHidden && start >= 0)
                {
                    yield return Ring(inner, outer, row, start, column);
                    start = -1;
                }
            }
        }
    }

    private static LinePoint[] Ring(LinePoint[] inner, LinePoint[] outer, int row, int from, int to)
    {
        double near = PolarIris.DepthOf(row - 0.5);
        double far = PolarIris.DepthOf(row + 0.5);
        int[] columns = [.. Enumerable.Range(from, to - from + 1)];
        return
        [
            .. columns.Select(column => Between(inner, outer, column, near)),
            .. columns.Reverse().Select(column => Between(inner, outer, column, far)),
        ];
    }

    private static LinePoint Between(LinePoint[] inner, LinePoint[] outer, int column, double depth)
    {
        LinePoint a = inner[column % inner.Length];
        LinePoint b = outer[column % outer.Length];
        return new LinePoint(a.X + ((b.X - a.X) * depth), a.Y + ((b.Y - a.Y) * depth));
    }

    private byte[] Codes()
    {
        int height = eye.Codes.Sum(code => Header + (BitHeight * code.Shape.BitsPerColumn));
        SvgSheet sheet = new(CodeWidth, height, "Bits of the codes: black 1, white 0, grey masked");
        int top = 0;
        foreach (IrisCode code in eye.Codes)
        {
            sheet.Text(
                2, top + 15,
                $"{code.Shape.Bits} bits, {code.ValidBits} valid: black 1, white 0, grey masked; angle to the right");
            sheet.Begin(0, top + Header);
            sheet.Image(BitsOf(code), CodeWidth, BitHeight * code.Shape.BitsPerColumn, "pixelated");
            sheet.End();
            top += Header + (BitHeight * code.Shape.BitsPerColumn);
        }

        return sheet.ToBytes();
    }

    private static GrayImage BitsOf(IrisCode code)
    {
        (int columns, int rows) = (code.Shape.Columns, code.Shape.BitsPerColumn);
        byte[] pixels = new byte[columns * rows];
        for (int bit = 0; bit < code.Shape.Bits; bit++)
        {
            bool isValid = (code.Mask.Span[bit >> 6] >> bit & 1) == 1;
            bool isSet = (code.Code.Span[bit >> 6] >> bit & 1) == 1;
            pixels[(bit % rows * columns) + (bit / rows)] = !isValid ? Masked : isSet ? One : Zero;
        }

        return new GrayImage(columns, rows, pixels);
    }
}
