using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>A view with ridge detail, every number of it by a formula that the golden files share.</summary>
internal static class SomeRidges
{
    public static FingerView View(int minutiae = 12) => With(new FingerView
    {
        Position = BiometricPosition.OfFinger(2),
        Quality = 80,
        Width = 300,
        Height = 400,
        ResolutionX = 197,
        ResolutionY = 197,
        Minutiae = [.. Enumerable.Range(0, minutiae).Select(i => new Minutia(
            (ushort)((17 * i) + 5), (ushort)((31 * i) + 8),
            (ushort)Math.Round(30 * i % 360 * 65536 / 360.0), (byte)(10 * i % 101), (MinutiaKind)(i % 3)))],
    });

    /// <summary>The view with ridges of its minutiae.</summary>
    public static FingerView With(FingerView view) =>
        view with { Ridges = new RidgeBlock(Detail(view.Minutiae), view.Minutiae) };

    public static RidgeDetail Detail(IReadOnlyList<Minutia> minutiae) => new(minutiae)
    {
        CellSide = 32,
        Left = 16,
        Top = 24,
        Columns = 5,
        Rows = 3,
        Cells =
        [
            .. Enumerable.Range(0, 15).Select(i => i % 4 == 3 ? default
                : new RidgeCell(true, (byte)(37 * i), (byte)(i % 32), (byte)(i % 8))),
        ],
        Ridges =
        [
            .. Enumerable.Range(0, Math.Min(minutiae.Count, RidgeDetail.MostMinutiae)).Select(
                j => new MinutiaRidges((byte)((j + 3) % 32), (byte)(j % 8), (ushort)(0x1234 * (j + 1)))),
        ],
        Points =
        [
            new SingularPoint(SingularKind.Core, 100, 120, 64), new SingularPoint(SingularKind.Delta, 200, 260, 170),
        ],
    };

    /// <summary>Field by field.</summary>
    public static void AssertSame(RidgeDetail? expected, RidgeDetail? actual)
    {
        Assert.NotNull(expected);
        Assert.NotNull(actual);
        Assert.Equal(
            (expected.CellSide, expected.Left, expected.Top, expected.Columns, expected.Rows, expected.Counted),
            (actual.CellSide, actual.Left, actual.Top, actual.Columns, actual.Rows, actual.Counted));
        Assert.Equal(expected.Cells, actual.Cells);
        Assert.Equal(expected.Ridges, actual.Ridges);
        Assert.Equal(expected.Points, actual.Points);
    }
}
