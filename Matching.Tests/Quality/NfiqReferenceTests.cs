using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quality.Nfiq2;

namespace MatchCluster.Matching.Tests.Quality;

/// <summary>
/// Measures and scores that NIST's own program (NFIQ 2.2, and 2.3 for the newer edition) gives for images that lie
/// beside the repository.
/// </summary>
public sealed class NfiqReferenceTests
{
    private static readonly string[] Compared =
    [
        "FDA_Bin10_Mean", "ImgProcROIArea_Mean", "LCS_Bin10_Mean", "OCL_Bin10_Mean", "OF_Bin10_Mean",
        "OrientationMap_ROIFilter_CoherenceSum", "RVUP_Bin10_Mean", "RVUP_Bin10_StdDev",
    ];

    public static TheoryData<string, NfiqEdition, int, double[]> Measured => new()
    {
        {
            "DB1_B/101_1", NfiqEdition.Version22, 67725,
            [
                0.46118379167592854, 184.72361757105944, 0.85561122748819263, 0.78454074128990325,
                0.12948906491594803,
                197.7037789505813, 1.0706486042692944, 0.77945095952393229,
            ]
        },
        {
            "DB1_B/101_1", NfiqEdition.Version23, 59837,
            [
                0.46118379167592854, 176.08001738055049, 0.85561122748819263, 0.78454074128990325,
                0.25508622536981718,
                54.462557730302706, 1.0706486042692944, 0.77945095952393229,
            ]
        },
        {
            "DB3_B/108_1", NfiqEdition.Version22, 19770,
            [
                0.83314797332596269, 68.307789580171985, 0.19230163051417062, 0.33970893478451342,
                0.37918625931320782,
                38.559402826346769, 1.3412595341166769, 1.3033263121296785,
            ]
        },
        {
            "DB4_B/105_3", NfiqEdition.Version23, 44389,
            [
                0.66183101782305465, 140.5891324427223, 0.470804433522724, 0.57646115618681215,
                0.40770020506765936,
                28.281357877161906, 1.1709735394826617, 1.1070593694862996,
            ]
        },
    };

    /// <summary>Places of FingerJetFX's minutiae in the part without the white frame, and the score.</summary>
    public static TheoryData<string, int, int[]> Scored => new()
    {
        {
            "DB1_B/101_1", 58,
            [
                114, 151, 182, 197, 88, 34, 143, 63, 15, 126, 137, 316, 83, 234, 96, 165, 47, 47, 155, 159,
                72, 71, 125,
                201, 70, 173, 70, 111, 111, 28, 122, 111, 46, 226, 64, 118, 199, 78, 48, 173, 53, 201, 68,
                219, 116, 337,
                66, 205,
            ]
        },
        {
            "DB3_B/108_1", 15,
            [
                164, 120, 122, 168, 173, 93, 138, 116, 142, 77, 140, 150, 140, 160, 146, 138, 179, 158, 143,
                72, 125, 81,
                149, 160, 149, 133, 144, 129, 127, 114, 186, 127, 164, 166, 153, 168, 138, 144,
            ]
        },
        {
            "DB4_B/105_3", 32,
            [
                113, 342, 119, 222, 127, 260, 99, 137, 142, 144, 140, 222, 196, 311, 107, 262, 99, 223, 96,
                314, 155, 276,
                136, 361, 97, 243, 155, 209, 196, 275, 182, 236, 138, 245, 158, 134, 109, 242, 180, 242,
                119, 183, 137,
                171, 190, 248, 153, 193, 214, 310, 38, 238, 131, 177, 164, 242,
            ]
        },
    };

    [SkippableTheory]
    [MemberData(nameof(Measured))]
    public void Measures_are_those_of_the_program(string print, NfiqEdition edition, int pixels, double[] expected)
    {
        NfiqMeasures measures = NfiqMeasures.Of(Print(print), [], edition).Value!;
        Assert.Equal(pixels, measures.RegionPixels);
        Assert.All(Compared.Zip(expected), pair => Assert.Equal(pair.Second, measures[pair.First], 1e-9));
    }

    [SkippableTheory]
    [MemberData(nameof(Scored))]
    public void Scores_with_its_minutiae_are_those_of_the_program(string print, int score, int[] places)
    {
        QualityForest forest = PublishedForestFile.Value;
        Assert.Equal("NIST plain TIR + ink 1.0.0, for NFIQ 2.0 to 2.2", forest.Published?.Name);
        Assert.Equal((100, 144_624), (forest.Trees, forest.Nodes));
        GrayImage image = Print(print);
        PixelFrame part = NfiqMeasures.Of(image, [], forest.Edition).Value!.Part;
        Minutia[] minutiae =
        [
            .. places.Chunk(2).Select(at => new Minutia(
                (ushort)(part.X + at[0]), (ushort)(part.Y + at[1]), 0, 0, MinutiaKind.Other)),
        ];
        Assert.Equal(score, forest.Score(NfiqMeasures.Of(image, minutiae, forest.Edition).Value!));
    }

    /// <summary>Read once for all tests, because it takes seconds.</summary>
    private static readonly Lazy<QualityForest> PublishedForestFile = new(() =>
        QualityForestFile.Read(SharedData.Path("nfiq2", "nist_plain_tir-ink.zip")).Value!);

    private static GrayImage Print(string print) => ImageDecoder.Decode(
        File.ReadAllBytes(SharedData.Path("fingers", "fvc2002", print + ".tif"))).Value!;
}
