# Words of allocations.

mail-offer-made-subject = { $reference }: an offer of { $hours } at { $site }
mail-offer-made-text =
    Your application { $reference } has an offer: { $gpus } { $model } at { $site } from { $day }, { $hours } in all.

    We hold these GPUs for you until { $expires }. Until then you can accept, pick another slot, or decline. After that they go back, and we look for another slot.
mail-offer-made-action = Look at the offer

mail-offer-lapsed-subject = { $reference }: the offer has lapsed
mail-offer-lapsed-text =
    The offer for { $reference } was not answered in time, and the GPUs went back. Your approval still stands.

    You need do nothing: as soon as another slot fits, you get a new offer.
mail-offer-lapsed-action = Open the application

mail-allocation-confirmed-subject = { $reference }: { $site } is ready for you
mail-allocation-confirmed-text =
    { $site } has opened your project for { $reference }. You can use your GPUs from { $day }.

    The page of your allocation says how to connect and shows what you use.
mail-allocation-confirmed-action = See how to connect

mail-usage-warning-subject = { $reference }: { $percent }% of your GPU-hours are used
mail-usage-warning-text =
    { $percent }% of the GPU-hours of { $reference } are used. { $left } are left, and your slot runs until { $day }.

    Use beyond the grant is not billed to you, but the site may stop jobs once nothing is left.
mail-usage-warning-action = See the use day by day

mail-allocation-ended-subject = { $reference }: your allocation has ended
mail-allocation-ended-text =
    The weeks of { $reference } are over. You used { $used } of { $granted }; what was left has been given back.

    An invoice, or a statement if everything was subsidised, follows by mail.
mail-allocation-ended-action = See what was used
