using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>Equality of what decoders give, list by list: records compare lists by reference.</summary>
public static class Same
{
    public static FingerRecord Accepted(Decoded<FingerRecord> decoded)
    {
        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        return decoded.Value;
    }

    public static IrisCode Accepted(Decoded<IrisCode> decoded)
    {
        Assert.True(decoded.IsAccepted, decoded.Rejection?.ToString());
        return decoded.Value;
    }

    public static Rejection Rejected<T>(Decoded<T> decoded)
        where T : class
    {
        Assert.False(decoded.IsAccepted);
        Assert.NotEmpty(decoded.Rejection.Found);
        Assert.NotEmpty(decoded.Rejection.Wanted);
        return decoded.Rejection;
    }

    public static void Views(IReadOnlyList<FingerView> expected, IReadOnlyList<FingerView> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Minutiae, actual[i].Minutiae);
            Assert.Equal(expected[i] with { Minutiae = actual[i].Minutiae, Ridges = actual[i].Ridges }, actual[i]);
            Assert.Equal(expected[i].Ridges is null, actual[i].Ridges is null);
            if (expected[i].Ridges?.Detail is { } detail)
            {
                SomeRidges.AssertSame(detail, actual[i].Ridges!.Detail);
            }
        }
    }

    public static void Codes(IrisCode expected, IrisCode actual)
    {
        Assert.Equal(expected.Position, actual.Position);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.Quality, actual.Quality);
        Assert.True(expected.Code.Span.SequenceEqual(actual.Code.Span), "the code differs");
        Assert.True(expected.Mask.Span.SequenceEqual(actual.Mask.Span), "the mask differs");
    }
}
