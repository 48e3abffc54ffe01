using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Tests.Irises;

namespace MatchCluster.Matching.Tests.Scores;

public sealed class ProbeBuilderTests
{
    [Fact]
    public void An_eye_with_too_few_valid_bits_is_insufficient()
    {
        IrisShape shape = IrisShape.D2048;
        int enough = IrisScorer.MinValidBits(shape);
        Random random = new(3);
        foreach (int valid in new[] { 0, enough - 1, enough })
        {
            IrisCode code = TestIrises.Of(
                shape, TestIrises.Random(random, shape.Words), TestIrises.MaskOf(random, shape, valid));
            Decoded<Probe> probe = ProbeBuilder.Build(
            [
                new Sample
                {
                    Position = BiometricPosition.RightEye,
                    Format = TemplateFormat.MatchClusterIris,
                    Template = IrisTemplates.EncodeMatchCluster(code),
                },
            ]);
            Assert.Equal(valid == enough, probe.IsAccepted);
            if (!probe.IsAccepted)
            {
                Assert.Contains($"insufficient eye, {valid} valid bits of 2048 (sample 0)", probe.Rejection.ToString());
                Assert.Contains("256", probe.Rejection.ToString());
            }
        }
    }
}
